package dev.parley.node.net;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * An address of a peer as DNS has it. Their order is the same at every node: IPv4 first, then by the bytes of the address, then by port.
 *
 * @param port 1 to 65535
 */
record PeerAddress(InetAddress ip, int port) implements Comparable<PeerAddress> {

    @Override
    public int compareTo(PeerAddress other) {
        byte[] mine = ip.getAddress();
        byte[] others = other.ip.getAddress();
        if (mine.length != others.length) {
            return Integer.compare(mine.length, others.length);
        }
        int bytes = Arrays.compareUnsigned(mine, others);
        return bytes != 0 ? bytes : Integer.compare(port, other.port);
    }

    /** One machine at most is behind it. */
    boolean canBeDialed() {
        return !ip.isAnyLocalAddress() && !ip.isMulticastAddress() && !ip.isLinkLocalAddress();
    }

    HostPort hostPort() {
        return new HostPort(ip.getHostAddress(), port);
    }

    @Override
    public String toString() {
        return hostPort().toString();
    }
}
