package dev.parley.node.control;

import com.sun.security.auth.module.UnixSystem;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;

/** Asks the kernel who has connected, and knows who may. */
@ApplicationScoped
class CallerIdentity {
    private static final int ROOT = 0;

    private final long ownUid = new UnixSystem().getUid();

    /** Empty for a connection that is not a unix domain socket, or whose peer is already gone. */
    Optional<Caller> of(HttpConnection connection) {
        if (!(connection instanceof ConnectionBase base)) {
            return Optional.empty();
        }
        try {
            return credentials(base.channel()).map(CallerIdentity::caller);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    boolean mayAdminister(Caller caller) {
        return caller.uid() == ROOT || caller.uid() == ownUid;
    }

    private static Optional<PeerCredentials> credentials(Channel channel) throws IOException {
        return switch (channel) {
            case EpollDomainSocketChannel epoll -> Optional.of(epoll.peerCredentials());
            case KQueueDomainSocketChannel kqueue -> Optional.of(kqueue.peerCredentials());
            default -> Optional.empty();
        };
    }

    private static Caller caller(PeerCredentials credentials) {
        int[] groups = credentials.gids();
        return new Caller(credentials.uid(), groups.length == 0 ? -1 : groups[0], credentials.pid());
    }
}
