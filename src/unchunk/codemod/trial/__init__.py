"""Running the code of a loop on a made-up piece: `expressions` and `statements` compute, `values` knows the methods of
strings, `runs` is what comes out. `unchunk.codemod.probe` asks the questions.
"""
