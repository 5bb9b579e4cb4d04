"""One report in four dresses: terminal, HTML, CSV and JSON. They only show; nothing is judged here."""
