package dev.parley.node.control;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.channel.unix.RawUnixChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Asks the kernel who has connected. All of it is what was so when the caller connected, so that nobody can change
 * it afterwards; {@code /proc/PID} could belong to another process by then, and is never asked.
 */
@ApplicationScoped
class CallerIdentity {
    /** On Linux, as a number of 32 bits each; a caller in more groups than this counts as in its first one alone. */
    private static final int MAX_GROUPS = 1024;

    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERGROUPS = 59;
    private static final RawUnixChannelOption PEER_GROUPS =
            new RawUnixChannelOption("SO_PEERGROUPS", SOL_SOCKET, SO_PEERGROUPS, MAX_GROUPS * Integer.BYTES);

    /** Empty for a connection that is not a unix domain socket, or whose peer is already gone. */
    Optional<Caller> of(HttpConnection connection) {
        if (!(connection instanceof ConnectionBase base)) {
            return Optional.empty();
        }
        try {
            return caller(base.channel());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static Optional<Caller> caller(Channel channel) throws IOException {
        return switch (channel) {
            case EpollDomainSocketChannel epoll -> Optional.of(caller(epoll.peerCredentials(), groups(epoll)));
            case KQueueDomainSocketChannel kqueue -> {
                PeerCredentials credentials = kqueue.peerCredentials();
                yield Optional.of(caller(credentials, credentials.gids()));
            }
            default -> Optional.empty();
        };
    }

    private static Caller caller(PeerCredentials credentials, int[] others) {
        int[] groups = credentials.gids();
        return new Caller(credentials.uid(), groups.length == 0 ? -1 : groups[0], credentials.pid(), others);
    }

    /**
     * The supplementary groups. The transport does not say how many the kernel filled in, so that a 0 may be no group at all:
     * root's group is never believed to be one of them.
     */
    private static int[] groups(EpollDomainSocketChannel channel) {
        try {
            ByteBuffer filled = channel.config().getOption(PEER_GROUPS).order(ByteOrder.nativeOrder());
            int[] groups = new int[filled.remaining() / Integer.BYTES];
            filled.asIntBuffer().get(groups);
            return Arrays.stream(groups).filter(gid -> gid != 0).toArray();
        } catch (ChannelException unknownToThisKernel) {
            return new int[0];
        }
    }
}
