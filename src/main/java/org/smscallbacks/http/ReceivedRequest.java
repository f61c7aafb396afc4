package org.smscallbacks.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/**
 * A request as the routes may see it. The query is the guard's and the provider's affair, as it came: Camel would make headers of its
 * parameters, and Vert.x refuses the whole request for one raw percent sign. The body is passed on as far as there is memory for it.
 */
final class ReceivedRequest extends HttpServerRequestWrapper {

    private static final Object KEY = new Object();
    private static final Set<String> PACKED = Set.of("gzip", "x-gzip");
    private static final Pattern CHARSET =
            Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([A-Za-z0-9][A-Za-z0-9._:+-]*)");

    private final MultiMap pathParameters = MultiMap.caseInsensitiveMultiMap();

    private final Charset charset;
    private BodyBudget.Booking booking;
    private Handler<Buffer> reader;
    private byte[] packed;
    private boolean isDamaged;
    private boolean answered;
    private volatile IntConsumer onAnswer;

    ReceivedRequest(HttpServerRequest request) {
        super((HttpServerRequestInternal) request);
        context().putLocal(KEY, this);
        charset = charset(getHeader(HttpHeaders.CONTENT_TYPE));
    }

    /** The one that others have wrapped. */
    static ReceivedRequest in(HttpServerRequest request) {
        return ((HttpServerRequestInternal) request).context().getLocal(KEY);
    }

    /** What its body takes of the memory. */
    void book(BodyBudget.Booking booking) {
        this.booking = booking;
    }

    BodyBudget.Booking booking() {
        return booking;
    }

    /** Notes that nobody waits for an answer any more; false when that was noted before. */
    boolean answered() {
        boolean isFirst = !answered;
        answered = true;
        return isFirst;
    }

    /** The guard has let it in: <code>onAnswer</code> is told when it is answered before its route is at its end. */
    void accepted(IntConsumer onAnswer) {
        this.onAnswer = onAnswer;
    }

    /** Tells of an answer that no route has given; false when there is nobody to be told, since no route has begun with it. */
    boolean tellAnswer(int status) {
        if (onAnswer == null) {
            return false;
        }
        onAnswer.accept(status);
        return true;
    }

    /** The body as it came, where it came packed; else null. */
    byte[] packedBody() {
        return packed;
    }

    /** The charset of the body, where the caller names one that exists; else null. */
    Charset charset() {
        return charset;
    }

    static Charset charset(String contentType) {
        var named = contentType == null ? null : CHARSET.matcher(contentType);
        try {
            return named != null && named.find() ? Charset.forName(named.group(1)) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether the body is written in a way that can be read. */
    boolean isReadable() {
        var encoding = encoding();
        return encoding.isEmpty() || encoding.equals("identity") || isPacked();
    }

    private boolean isPacked() {
        return PACKED.contains(encoding());
    }

    private String encoding() {
        var encoding = getHeader(HttpHeaders.CONTENT_ENCODING);
        return encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    }

    /** A slash at the end is what people type into a portal. */
    @Override
    public String path() {
        var path = super.path();
        int end = path == null ? 0 : path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path == null ? null : path.substring(0, end);
    }

    @Override
    public HttpServerRequest handler(Handler<Buffer> handler) {
        reader = handler;
        super.handler(booking::take);
        return this;
    }

    /** What it holds is booked beside what came; one that is damaged is no callback, and kept as it is. */
    private void unpack() {
        var came = Buffer.buffer();
        if (!booking.drainTo(came::appendBuffer)) {
            return;
        }
        packed = came.getBytes();
        try {
            PackedBody.unpack(packed, booking::take);
        } catch (IOException e) {
            isDamaged = true;
        }
    }

    private void read(Handler<Void> end) {
        if (booking.drainTo(isDamaged ? piece -> {} : reader)) {
            if (isDamaged) {
                reader.handle(Buffer.buffer(packed));
            }
            end.handle(null);
        }
    }

    @Override
    public HttpServerRequest endHandler(Handler<Void> handler) {
        var loop = context();
        super.endHandler(ended -> {
            if (isPacked()) {
                unpack();
            }
            booking.arrived(() -> {
                if (loop == Vertx.currentContext()) {
                    read(handler);
                } else {
                    loop.runOnContext(any -> read(handler));
                }
            });
        });
        return this;
    }

    /** With the query. */
    String uriAsItCame() {
        return super.uri();
    }

    @Override
    public String uri() {
        return path();
    }

    @Override
    public MultiMap params() {
        return pathParameters;
    }

    @Override
    public MultiMap params(boolean semicolonIsNormal) {
        return pathParameters;
    }
}
