package dev.parley.lab.foe;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An address that an attacker dials from. Nodes give each address quotas of its own; Linux has all of 127.0.0.0/8, so that attacks
 * need not use up each other's, and a flood can come from as many addresses as it likes. Elsewhere it is 127.0.0.1, whatever was
 * asked for.
 */
public final class Source {
    private static final int CONNECT_MILLIS = 5_000;
    private static final AtomicInteger NEXT = new AtomicInteger(1);

    private volatile InetAddress address;

    private Source(InetAddress address) {
        this.address = address;
    }

    /** An address that nobody in this process has used yet. @param attack number of the attack, 1 to 254, the second octet */
    public static Source fresh(int attack) {
        int next = NEXT.getAndIncrement();
        byte[] address = {127, (byte) attack, (byte) (1 + next / 250 % 250), (byte) (1 + next % 250)};
        try {
            return new Source(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    Socket connect(InetSocketAddress target) throws IOException {
        Socket socket = new Socket();
        if (target.getAddress().isLoopbackAddress()) {
            try {
                socket.bind(new InetSocketAddress(address, 0));
            } catch (BindException notLinux) {
                socket.close();
                socket = new Socket();
            }
        }
        try {
            socket.setTcpNoDelay(true);
            socket.connect(target, CONNECT_MILLIS);
            // Another one if it could not be had, or would not be routed.
            address = socket.getLocalAddress();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Whether an address in a node's log is this one, with some port. */
    public boolean is(Object remote) {
        return String.valueOf(remote).startsWith(address.getHostAddress() + ":");
    }

    @Override
    public String toString() {
        return address.getHostAddress();
    }
}
