"""Settings of every test.

Property tests have no deadline, since a loaded machine must not fail them, and always draw the same
examples, so that a failure can be repeated.
"""

from hypothesis import settings

settings.register_profile("ganglion", deadline=None, derandomize=True)
settings.load_profile("ganglion")
