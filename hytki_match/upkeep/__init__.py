"""What keeps corpus and index right: comparing, checking by meaning, forgetting.

Everything here is for the operator; no question of a user comes this way.
"""
