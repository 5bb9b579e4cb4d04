"""Questions that are answered in words: found in notebooks, read by machine where that is certain.

`questions` says what is asked, `found` which answer in which notebook belongs to it, `reading` reads the
answers with a key (one module for each kind), and `judge` gives the verdict. What no machine can read for
certain waits for a person, who scores it with `grader inline`.
"""
