package dev.relais.fastcgi;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.netty.channel.epoll.Epoll#isAvailable")
@SuppressWarnings("deprecation") // as Vert.x makes them
class FcgiConnectionOnEpollTest extends FcgiConnectionConditions {
    @Override
    EventLoopGroup group() {
        return new EpollEventLoopGroup(1);
    }
}
