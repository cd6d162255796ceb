package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.crypto.XWing;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Reader;
import dev.parley.protocol.wire.Writer;
import java.util.ArrayList;
import java.util.List;

/** The bodies of the four handshake messages. */
final class Messages {
    static final int VERSION = 1;

    private Messages() {}

    /**
     * {@code version u8 | count u8 (1..8) | suite u8 x count | e (1216)}.
     *
     * @param suites ids as offered, unknown ones among them
     */
    record Hello(int version, List<Integer> suites, byte[] key) {
        static byte[] body(List<Suite> suites, byte[] key) {
            Writer out = new Writer(2 + suites.size() + key.length).u8(VERSION).u8(suites.size());
            suites.forEach(suite -> out.u8(suite.id()));
            return out.bytes(key).toBytes();
        }

        /** Reads no further than the version where it is another one: the rest is that version's. */
        static Hello parse(byte[] body) throws MalformedException {
            Reader in = new Reader(body);
            int version = in.u8();
            if (version != VERSION) {
                return new Hello(version, List.of(), new byte[0]);
            }
            int count = in.u8();
            if (count == 0 || count > Limits.SUITES) {
                throw new MalformedException("number of suites out of range");
            }
            List<Integer> suites = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                suites.add(in.u8());
            }
            byte[] key = in.bytes(XWing.PUBLIC_KEY);
            in.end();
            return new Hello(version, suites, key);
        }
    }

    /** {@code suite u8 | ct_e (1120) | c}. */
    record Accept(int suite, byte[] ciphertext, byte[] identity) {
        static byte[] frame(Suite suite, byte[] ciphertext, byte[] identity) {
            return FrameType.ACCEPT.frame(new Writer(1 + ciphertext.length + identity.length)
                    .u8(suite.id())
                    .bytes(ciphertext)
                    .bytes(identity)
                    .toBytes());
        }

        static Accept parse(byte[] body) throws MalformedException {
            Reader in = new Reader(body);
            return new Accept(in.u8(), in.bytes(XWing.CIPHERTEXT), in.rest());
        }
    }

    /** {@code u16 length of c1 | c1 | c2}: IDENTIFY and CONFIRM. */
    record Pair(byte[] first, byte[] second) {
        static byte[] frame(FrameType type, byte[] first, byte[] second) {
            return type.frame(new Writer(2 + first.length + second.length)
                    .u16(first.length)
                    .bytes(first)
                    .bytes(second)
                    .toBytes());
        }

        static Pair parse(byte[] body) throws MalformedException {
            Reader in = new Reader(body);
            return new Pair(in.bytes(in.u16()), in.rest());
        }
    }

    /** {@code max_plaintext u32}. */
    static byte[] params(int maxPlaintext) {
        return new Writer(4).u32(maxPlaintext).toBytes();
    }

    static int parseParams(byte[] params) throws MalformedException {
        Reader in = new Reader(params);
        int maxPlaintext = in.u32();
        in.end();
        if (maxPlaintext < Limits.MAX_PLAINTEXT_FLOOR || maxPlaintext > Limits.MAX_PLAINTEXT_CEILING) {
            throw new MalformedException("max_plaintext out of range");
        }
        return maxPlaintext;
    }
}
