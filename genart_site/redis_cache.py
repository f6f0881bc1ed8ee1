"""Redis as the cache of several web processes. Imported only where ARBORETUM_REDIS_URL names
one.
"""

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from genart_site.caches import Surviving


class SharedCache(Surviving, RedisCache):
    """Django's, which does without while Redis cannot be reached."""

    failures = (OSError, RedisError)
