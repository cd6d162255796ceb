package dev.parley.node.net;

import dev.parley.node.session.Ticks;
import dev.parley.node.trust.AddressKey;
import dev.parley.protocol.Channel;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Accepts peers, on several event loops: one verticle each, all on the same port. */
final class PeerServer {

    /** Connections that the kernel holds for us while all event loops are busy. */
    private static final int BACKLOG = 1_024;
    /**
     * A REJECT with code 7 and no reason (PSP/1 section 4, "Failing"): all that an address hears that is held back, or that comes
     * while nothing can be logged.
     */
    private static final byte[] BUSY = reject(Failure.BUSY);
    /** What comes while the node stops hears this, and may come back later. */
    private static final byte[] STOPPING = reject(Failure.SHUTTING_DOWN);

    private final Vertx vertx;
    private final InboundPeer.Shared shared;
    private final Supplier<ChannelSettings> settings;
    private final AtomicInteger port = new AtomicInteger();

    PeerServer(Vertx vertx, InboundPeer.Shared shared, Supplier<ChannelSettings> settings) {
        this.vertx = vertx;
        this.shared = shared;
        this.settings = settings;
    }

    /** Listens. @return completes with the port, which is a free one where {@code wanted} is 0; fails if it cannot be had */
    Future<Integer> listen(String host, int wanted, int eventLoops) {
        // A negative port is Vert.x' word for a free one that all who say the same number share.
        int shared = wanted == 0 ? -1 : wanted;
        return vertx.deployVerticle(() -> new Acceptor(host, shared), new DeploymentOptions().setInstances(eventLoops))
                .map(ignored -> port.get());
    }

    private final class Acceptor extends AbstractVerticle {
        private final String host;
        private final int wanted;
        private NetServer server;

        Acceptor(String host, int wanted) {
            this.host = host;
            this.wanted = wanted;
        }

        @Override
        public void start(Promise<Void> started) {
            server = vertx.createNetServer(new NetServerOptions()
                            .setTcpNoDelay(true)
                            .setTcpKeepAlive(true)
                            .setReuseAddress(true)
                            .setAcceptBacklog(BACKLOG))
                    .connectHandler(PeerServer.this::accept);
            server.listen(wanted, host)
                    .onSuccess(listening -> port.set(listening.actualPort()))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }

        @Override
        public void stop(Promise<Void> stopped) {
            server.close(stopped);
        }
    }

    /** On the event loop of the socket. */
    private void accept(NetSocket socket) {
        InetSocketAddress remote = (InetSocketAddress)
                ((NetSocketInternal) socket).channelHandlerContext().channel().remoteAddress();
        if (remote == null) {
            socket.close();
            return;
        }
        Optional<Failure> closed = shared.closed().get();
        if (closed.isPresent()) {
            socket.end(Buffer.buffer(closed.get() == Failure.SHUTTING_DOWN ? STOPPING : BUSY));
            return;
        }
        AddressKey address = AddressKey.of(remote.getAddress());
        if (!shared.trusted().knows(address) && shared.penalties().refuses(address)) {
            shared.refusals().add(Refusals.Reason.HELD_BACK);
            socket.end(Buffer.buffer(BUSY));
            return;
        }
        InboundPeer peer = new InboundPeer(shared, address);
        PeerConnection connection =
                new PeerConnection(vertx, socket, Channel.respond(settings.get(), Ticks.now()), peer);
        Optional<PeerConnection> evicted = shared.halfOpen().add(address, connection);
        peer.opened(connection);
        evicted.ifPresent(each -> {
            shared.refusals().add(Refusals.Reason.HALF_OPEN);
            each.drop();
        });
        connection.start();
    }

    private static byte[] reject(Failure failure) {
        return FrameType.REJECT.frame(new byte[] {(byte) failure.code()});
    }
}
