package dev.parley.node.control;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** What Vert.x's public API does not let one do with a connection. */
final class Connections {
    /** How long a caller may go on sending what is no longer read. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private Connections() {}

    /** Ends the connection once the answer is written: Vert.x looks only at the Connection header of the request. */
    static void closeAfter(RoutingContext request) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        request.addEndHandler(ignored -> {
            HttpServerRequest unread = request.request();
            if (unread.isEnded()) {
                unread.connection().close();
            } else {
                // A caller that is still sending would get a reset instead of the answer.
                unread.handler(dropped -> {})
                        .endHandler(end -> unread.connection().close());
                unread.resume();
                request.vertx()
                        .setTimer(LINGER.toMillis(), late -> unread.connection().close());
            }
        });
    }

    /** Runs when the connection is gone; the handlers of request and answer are taken by Quarkus. */
    static void onClose(HttpConnection connection, Runnable action) {
        if (connection instanceof ConnectionBase base) {
            base.channel().closeFuture().addListener(closed -> action.run());
        }
    }

    /** Ends a connection now. {@link HttpConnection#close()} would wait for a reader that does not read. */
    static void abort(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            // From the first handler: Vert.x's own, further up, waits as well.
            var first = base.channel().pipeline().firstContext();
            if (first != null) {
                first.close();
            }
        } else {
            connection.close();
        }
    }
}
