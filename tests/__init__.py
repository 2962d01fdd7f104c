"""The suite. While it is imported nothing is garbage: the collector works again when the tests, or a service, begin."""

import gc

gc.disable()
