import resource


def attack():
    raised = []
    for limit in (resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
        soft, hard = resource.getrlimit(limit)
        try:
            resource.setrlimit(limit, (hard + 1, hard + 1))
            raised.append(limit)
        except (ValueError, OSError):
            pass
    return raised
