import socket


def attack():
    made = []
    for family in range(46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            try:
                socket.socket(family, kind)
                made.append([family, int(kind)])
            except OSError:
                pass
    try:
        socket.getaddrinfo("example.org", 443)
        made.append("a name")
    except OSError:
        pass
    return made
