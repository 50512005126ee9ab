"""A profile's samples by the stages of a request's way."""

import collections

# (a stage, what stands in a frame of it, what has to stand in another frame further out). The innermost frame that has a stage decides: what a stage
# calls is that stage's, unless it is another one's.
RULES = [
    ("accept", "ServerBootstrapAcceptor", ""),
    ("accept", "AbstractEpollServerChannel", ""),
    ("accept", "AbstractChannel$AbstractUnsafe.register", ""),
    ("accept", "dev/relais/http/AcceptedChannels", ""),
    ("close", "AbstractChannel$AbstractUnsafe.close", ""),
    ("select", "dev/relais/balancer/", ""),
    ("encode", "dev/relais/gateway/CgiEnvironment", ""),
    ("encode", "dev/relais/fastcgi/Params", ""),
    ("socket to PHP", "AbstractEpollStreamChannel.doWrite", "EpollDomainSocketChannel.doWriteSingle"),
    ("socket to PHP", "AbstractEpollStreamChannel.doWrite", "dev/relais/fastcgi/FcgiConnection.exchange"),
    ("socket to PHP", "AbstractEpollStreamChannel.doWrite", "dev/relais/fastcgi/StdinPump"),
    ("socket to PHP", "dev/relais/fastcgi/FcgiConnection.exchange", ""),
    ("socket to PHP", "dev/relais/fastcgi/StdinPump", ""),
    ("socket from PHP", "AbstractEpollChannel.doReadBytes", "EpollDomainSocketChannel"),
    ("socket from the client", "AbstractEpollChannel.doReadBytes", ""),
    ("decode", "dev/relais/fastcgi/", ""),
    ("socket to the client", "AbstractEpollStreamChannel.doWrite", ""),
    ("look-up", "dev/relais/gateway/Route.find", ""),
    ("look-up", "dev/relais/functions/", ""),
    ("admission", "dev/relais/admission/", ""),
    ("admission", "dev/relais/dispatch/Dispatch", ""),
    ("admission", "dev/relais/gateway/ChildClaim", ""),
    ("write", "dev/relais/http/ResponseWriter", ""),
    ("write", "dev/relais/http/HeadWriter", ""),
    ("write", "dev/relais/http/AnswerHead", ""),
    ("write", "io/vertx/core/http/impl/Http1xServerResponse", ""),
    ("relay", "dev/relais/gateway/AnswerRelay", ""),
    ("relay", "dev/relais/slot/", ""),
    ("invocation", "dev/relais/gateway/", ""),
    ("routing (Vert.x, Quarkus)", "io/quarkus/", ""),
    ("routing (Vert.x, Quarkus)", "io/vertx/ext/web/", ""),
    ("routing (Vert.x, Quarkus)", "io/vertx/core/", ""),
    ("head", "io/netty/handler/codec/", ""),
    ("head", "dev/relais/http/", ""),
    ("waiting for events", "EpollEventLoop.epollWait", ""),
]
OTHER = "event loop"
STAGES = [*dict.fromkeys(stage for stage, _, _ in RULES), OTHER]


def stage(frames):
    """The stage of one stack, whose outermost frame comes first."""
    for depth in range(len(frames) - 1, -1, -1):
        for name, inside, outside in RULES:
            if inside in frames[depth] and (not outside or any(outside in frame for frame in frames[:depth])):
                return name
    return OTHER


def shares(stacks, thread):
    """(each stage's share of the samples of threads whose name has `thread`, how many samples those are)"""
    found = collections.Counter()
    for frames, count in stacks.items():
        if thread in frames[0]:
            found[stage(frames[1:])] += count
    total = sum(found.values())
    return {name: found[name] / max(1, total) for name in STAGES}, total
