package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.crypto.XWing;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.MalformedException;

/** Responder: HELLO is awaited. */
public final class AwaitHello extends OneShot implements HandshakeState {
    private final Local local;

    public AwaitHello(Local local) {
        this.local = local;
    }

    /** Reads HELLO and chooses the suite: cheap. */
    public HelloReceived hello(byte[] body) throws HandshakeException {
        use();
        Messages.Hello hello;
        try {
            hello = Messages.Hello.parse(body);
        } catch (MalformedException e) {
            throw HandshakeException.reject(Failure.MALFORMED, "HELLO malformed");
        }
        if (hello.version() != Messages.VERSION) {
            throw HandshakeException.reject(Failure.NO_COMMON_VERSION_OR_SUITE, "HELLO has another version");
        }
        Suite suite = local.suites().stream()
                .filter(own -> hello.suites().contains(own.id()))
                .findFirst()
                .orElseThrow(() ->
                        HandshakeException.reject(Failure.NO_COMMON_VERSION_OR_SUITE, "HELLO has no suite of ours"));
        return new HelloReceived(local, suite, hello.key(), body);
    }

    @Override
    public void close() {
        // Nothing secret yet.
    }

    /** Responder: HELLO is good but for its key; the encapsulation is due. */
    public static final class HelloReceived extends OneShot implements HandshakeState {
        private final Local local;
        private final Suite suite;
        private final byte[] key;
        private final byte[] body;

        private HelloReceived(Local local, Suite suite, byte[] key, byte[] body) {
            this.local = local;
            this.suite = suite;
            this.key = key;
            this.body = body;
        }

        /** Returns the suite chosen. */
        public Suite suite() {
            return suite;
        }

        /** Encapsulates and builds ACCEPT: expensive. */
        public Sent<AwaitIdentify> accept() throws HandshakeException {
            use();
            XWing.Encapsulation encapsulation;
            try {
                encapsulation = XWing.encapsulate(key, local.random());
            } catch (CryptoException e) {
                throw HandshakeException.reject(Failure.MALFORMED, "HELLO has a bad key");
            }
            SymmetricState symmetric = new SymmetricState(local.crypto(), local.random());
            symmetric.mixHash(body);
            symmetric.suite(suite);
            symmetric.mixHash(new byte[] {(byte) suite.id()}, encapsulation.ciphertext());
            symmetric.mixKey(encapsulation.sharedSecret());
            encapsulation.sharedSecret().close();
            byte[] identity = symmetric.encryptAndHash(local.identity().encode());
            byte[] frame = Messages.Accept.frame(suite, encapsulation.ciphertext(), identity);
            return new Sent<>(frame, new AwaitIdentify(local, symmetric));
        }

        @Override
        public void close() {
            // Nothing secret yet.
        }
    }
}
