"""Fuzzing of every reader: valid files spoilt in all ways, and the law that readers keep.

``seeds`` pairs each reader with valid files, ``mutations`` spoils them, ``laws`` judges what comes out. The suite
tries a few inputs a reader, always the same; ``tools/fuzz.py`` tries as many as there is time for.
"""
