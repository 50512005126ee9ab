package dev.relais.fastcgi;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;

@SuppressWarnings("deprecation") // as Vert.x makes them
class FcgiConnectionOnNioTest extends FcgiConnectionConditions {
    @Override
    EventLoopGroup group() {
        return new NioEventLoopGroup(1);
    }
}
