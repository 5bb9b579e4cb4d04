"""The one folder of ours that the student's process can see: standard library, NumPy, and no answers."""
