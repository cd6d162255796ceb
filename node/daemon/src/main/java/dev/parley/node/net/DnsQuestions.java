package dev.parley.node.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.spi.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Asks name servers one question at a time, over UDP and, where the answer does not fit, over TCP. Nothing is cached: whoever asks
 * wants to know what is true now. An answer is at most 64 KiB, and all that is wrong in it is passed over.
 */
final class DnsQuestions implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int UDP_BYTES = 4_096;
    private static final int SRV_FIXED = 6;

    /** How a question was answered. */
    enum Outcome {
        FOUND,
        /** The name does not exist, or has nothing of the kind. */
        NOTHING,
        /** No server answered, or none would say. */
        FAILED
    }

    /** Where a service is, of a SRV record. @param target a full name, in lower case, without the dot at the end */
    record Service(String target, int port) {}

    /**
     * @param addresses of the name, its aliases followed; of a SRV answer none
     * @param services of a SRV answer
     * @param problem for people, of FAILED
     */
    record Reply(Outcome outcome, List<InetAddress> addresses, List<Service> services, String problem) {
        static Reply failed(String problem) {
            return new Reply(Outcome.FAILED, List.of(), List.of(), problem);
        }
    }

    private final DnsNameResolver resolver;

    DnsQuestions(Vertx vertx) {
        EventLoop loop = ((VertxInternal) vertx).getEventLoopGroup().next();
        Transport transport = ((VertxInternal) vertx).transport();
        resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(transport::datagramChannel)
                .socketChannelFactory(
                        () -> (SocketChannel) transport.channelFactory(false).newChannel())
                .queryTimeoutMillis(TIMEOUT_MILLIS)
                .maxPayloadSize(UDP_BYTES)
                .hostsFileEntriesResolver(new NoHostsFile())
                .searchDomains(List.of())
                .build();
    }

    /** Asks one server after the other until one answers. @return completes within 2 s a server, never exceptionally */
    CompletableFuture<Reply> ask(List<InetSocketAddress> servers, String name, DnsRecordType type) {
        return ask(servers, 0, name, type, Reply.failed("there is no name server"));
    }

    private CompletableFuture<Reply> ask(
            List<InetSocketAddress> servers, int next, String name, DnsRecordType type, Reply soFar) {
        if (next == servers.size()) {
            return CompletableFuture.completedFuture(soFar);
        }
        return askOne(servers.get(next), name, type)
                .thenCompose(reply -> reply.outcome() == Outcome.FAILED
                        ? ask(servers, next + 1, name, type, reply)
                        : CompletableFuture.completedFuture(reply));
    }

    private CompletableFuture<Reply> askOne(InetSocketAddress server, String name, DnsRecordType type) {
        CompletableFuture<Reply> result = new CompletableFuture<>();
        try {
            resolver.query(server, new DefaultDnsQuestion(name + ".", type))
                    .addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done) -> {
                        if (!done.isSuccess()) {
                            result.complete(Reply.failed("no answer from " + text(server)));
                            return;
                        }
                        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = done.getNow();
                        try {
                            result.complete(read(envelope.content(), type, server));
                        } catch (RuntimeException malformed) {
                            result.complete(Reply.failed("a malformed answer from " + text(server)));
                        } finally {
                            envelope.release();
                        }
                    });
        } catch (RuntimeException notAName) {
            // A label of more than 63 bytes, or none at all.
            result.complete(Reply.failed("'" + name + "' is not a name that can be asked for"));
        }
        return result;
    }

    private static Reply read(DnsResponse response, DnsRecordType type, InetSocketAddress server) {
        DnsResponseCode code = response.code();
        if (code.equals(DnsResponseCode.NXDOMAIN)) {
            return new Reply(Outcome.NOTHING, List.of(), List.of(), "");
        }
        if (!code.equals(DnsResponseCode.NOERROR)) {
            return Reply.failed(text(server) + " answers " + code);
        }
        List<InetAddress> addresses = new ArrayList<>();
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(type) && record instanceof DnsRawRecord raw) {
                if (type.equals(DnsRecordType.SRV)) {
                    service(raw.content(), services);
                } else {
                    address(raw.content(), type, addresses);
                }
            }
        }
        boolean empty = addresses.isEmpty() && services.isEmpty();
        return new Reply(empty ? Outcome.NOTHING : Outcome.FOUND, addresses, services, "");
    }

    private static void address(ByteBuf content, DnsRecordType type, List<InetAddress> into) {
        int length = type.equals(DnsRecordType.A) ? 4 : 16;
        if (content.readableBytes() != length) {
            return;
        }
        byte[] bytes = new byte[length];
        content.getBytes(content.readerIndex(), bytes);
        try {
            into.add(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException never) {
            throw new IllegalStateException(never);
        }
    }

    private static void service(ByteBuf content, List<Service> into) {
        if (content.readableBytes() <= SRV_FIXED) {
            return;
        }
        try {
            ByteBuf in = content.duplicate();
            in.skipBytes(2 * Short.BYTES);
            int port = in.readUnsignedShort();
            String target = DefaultDnsRecordDecoder.decodeName(in).toLowerCase(Locale.ROOT);
            target = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
            // A lone dot says that there is no such service.
            if (port > 0 && !target.isEmpty()) {
                into.add(new Service(target, port));
            }
        } catch (DecoderException | IndexOutOfBoundsException malformed) {
            // The others may be good.
        }
    }

    private static String text(InetSocketAddress server) {
        return new HostPort(server.getAddress().getHostAddress(), server.getPort()).toString();
    }

    @Override
    public void close() {
        resolver.close();
    }

    /** Only DNS is asked here. */
    private static final class NoHostsFile implements HostsFileEntriesResolver {
        @Override
        public InetAddress address(String host, io.netty.resolver.ResolvedAddressTypes types) {
            return null;
        }
    }
}
