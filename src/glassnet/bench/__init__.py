"""glassnet beside the libraries people would otherwise install: the same work, in turns, losses compared.

`work` holds what is measured, `sides` who does it, each in a process of its own (`worker`); `race` lets them
take turns; `results` is what came of it, judged by `targets` and shown by `tables`.
"""
