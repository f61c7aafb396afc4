package org.smscallbacks.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps the next request of a connection back until the one before is answered, and ends a connection with very many of them: Vert.x
 * walks through all that wait with each that comes (<code>Http1xServerRequest.enqueue</code>), so that one caller could keep all
 * others from being answered, and fails loudly when their caller hangs up.
 */
final class OneRequestAtATime extends ChannelDuplexHandler {

    /** Requests and pieces of bodies: no provider sends a second request before it has its answer, and a client that does sends few. */
    private static final int MOST_WAITING = 256;

    private static final int MOST_BYTES_WAITING = 64 * 1024;

    private final Deque<Object> waiting = new ArrayDeque<>();
    private int bytesWaiting;
    private boolean isAnswering;
    private boolean isOver;

    private OneRequestAtATime() {}

    static void on(HttpConnection connection) {
        var vertx = ((HttpServerConnection) connection).channelHandlerContext();
        vertx.pipeline().addBefore(vertx.name(), "one-request-at-a-time", new OneRequestAtATime());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isOver) {
            ReferenceCountUtil.release(message);
        } else if (waiting.isEmpty() && !(isAnswering && message instanceof HttpRequest)) {
            pass(context, message);
        } else if (waiting.size() < MOST_WAITING && bytesWaiting + bytes(message) <= MOST_BYTES_WAITING) {
            waiting.add(message);
            bytesWaiting += bytes(message);
        } else {
            ReferenceCountUtil.release(message);
            end();
            context.close();
        }
    }

    private static int bytes(Object message) {
        return message instanceof HttpContent content ? content.content().readableBytes() : 0;
    }

    private void pass(ChannelHandlerContext context, Object message) {
        isAnswering |= message instanceof HttpRequest;
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message, promise);
        boolean isInterim =
                message instanceof HttpResponse response && response.status().equals(HttpResponseStatus.CONTINUE);
        if (message instanceof LastHttpContent && !isInterim) {
            isAnswering = false;
        }
        if (!isAnswering && !waiting.isEmpty()) {
            context.executor().execute(() -> passWhatWaited(context));
        }
    }

    private void passWhatWaited(ChannelHandlerContext context) {
        while (!waiting.isEmpty() && !(isAnswering && waiting.peek() instanceof HttpRequest)) {
            var next = waiting.poll();
            bytesWaiting -= bytes(next);
            pass(context, next);
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        context.fireChannelInactive();
    }

    private void end() {
        isOver = true;
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }
}
