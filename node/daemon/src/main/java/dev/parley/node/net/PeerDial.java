package dev.parley.node.net;

import dev.parley.node.net.DialOutcome.Kind;
import dev.parley.node.session.Ticks;
import dev.parley.protocol.Channel;
import dev.parley.protocol.ChannelSettings;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Makes one TCP connection and starts a handshake on it. */
final class PeerDial {

    private final Vertx vertx;
    private final Supplier<ChannelSettings> settings;
    private final OutboundPeer.Shared shared;
    private final NetClient client;

    PeerDial(Vertx vertx, Supplier<ChannelSettings> settings, OutboundPeer.Shared shared) {
        this.vertx = vertx;
        this.settings = settings;
        this.shared = shared;
        this.client = vertx.createNetClient(new NetClientOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setConnectTimeout(Math.toIntExact(settings.get().timing().handshake())));
    }

    /** @return completes with what came of it, never exceptionally */
    CompletableFuture<DialOutcome> dial(OutboundPeer.Goal goal) {
        CompletableFuture<DialOutcome> outcome = new CompletableFuture<>();
        long startedAt = Ticks.now();
        // A context of its own: from a timer's or a request's, all dialed sessions would share one event loop.
        Context context = ((VertxInternal) vertx).createEventLoopContext();
        context.runOnContext(
                ignored -> client.connect(goal.address().port(), goal.address().host())
                        .onSuccess(socket -> handshake(goal, outcome, socket, startedAt))
                        .onFailure(failure -> outcome.complete(notReached(failure))));
        return outcome;
    }

    private void handshake(
            OutboundPeer.Goal goal, CompletableFuture<DialOutcome> outcome, NetSocket socket, long startedAt) {
        OutboundPeer peer = new OutboundPeer(shared, goal, outcome);
        // Whom the dial expects is checked by the owner, who can then say which other key answered.
        Channel channel = Channel.initiate(settings.get(), Optional.empty(), startedAt);
        PeerConnection connection = new PeerConnection(vertx, socket, channel, peer);
        peer.opened(connection);
        connection.start();
    }

    private static DialOutcome notReached(Throwable failure) {
        return switch (failure) {
            case UnknownHostException unknown -> DialOutcome.failed(Kind.FAILED, "no such host");
            case NoRouteToHostException noRoute -> DialOutcome.failed(Kind.FAILED, "no route to the host");
            case ConnectException refused
            when isTimeout(refused) -> DialOutcome.failed(Kind.TIMED_OUT, "no answer to the connection attempt");
            case ConnectException refused ->
                DialOutcome.failed(Kind.FAILED, "connection refused: nothing listens there");
            default -> DialOutcome.failed(Kind.FAILED, "no connection");
        };
    }

    private static boolean isTimeout(ConnectException failure) {
        return failure.getMessage() != null && failure.getMessage().contains("timed out");
    }
}
