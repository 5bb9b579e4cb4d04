"""Languages: everything is said in English, and catalogues say it in another one.

A report is written, stored and compared in English; another language is a way of reading it. So a
catalogue is applied last, to finished sentences, and needs to know neither who wrote them nor when.
"""
