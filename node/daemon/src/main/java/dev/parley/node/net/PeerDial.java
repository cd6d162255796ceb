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
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Makes one TCP connection and starts a handshake on it. */
final class PeerDial {

    /** Of a name: some lead nowhere, and a dial is not to last for ever. */
    private static final int ADDRESSES_AT_MOST = 3;

    private final NameLookup names = new NameLookup();
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
        // A context of its own: from a timer's or a request's, all dialed sessions would share one event loop.
        Context context = ((VertxInternal) vertx).createEventLoopContext();
        names.find(goal.address().host()).whenComplete((addresses, unknown) -> {
            if (unknown != null) {
                outcome.complete(notReached(unknown.getCause() == null ? unknown : unknown.getCause()));
            } else {
                context.runOnContext(ignored -> connect(goal, outcome, addresses, 0));
            }
        });
        return outcome;
    }

    /** Nothing is looked up any more. */
    void stop() {
        names.stop();
    }

    /** Tries the addresses of a name in turn. */
    private void connect(
            OutboundPeer.Goal goal, CompletableFuture<DialOutcome> outcome, List<InetAddress> addresses, int next) {
        long startedAt = Ticks.now();
        client.connect(goal.address().port(), addresses.get(next).getHostAddress())
                .onSuccess(socket -> handshake(goal, outcome, socket, startedAt))
                .onFailure(failure -> {
                    if (next + 1 < Math.min(addresses.size(), ADDRESSES_AT_MOST)) {
                        connect(goal, outcome, addresses, next + 1);
                    } else {
                        outcome.complete(notReached(failure));
                    }
                });
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
