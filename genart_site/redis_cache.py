"""Redis as the cache of several web processes. Imported only when ARBORETUM_REDIS_URL is set."""

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from genart_site.caches import FallbackCache


class SharedCache(FallbackCache):
    """Django's Redis cache, replaced by this process's memory while Redis cannot be reached."""

    shared_class = RedisCache
    failures = (OSError, RedisError)
