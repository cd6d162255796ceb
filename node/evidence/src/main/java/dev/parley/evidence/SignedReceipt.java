package dev.parley.evidence;

import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.IdentitySignature;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record.ReceiptText;
import dev.parley.protocol.wire.Writer;
import java.security.interfaces.RSAPublicKey;
import java.util.UUID;

/**
 * What the receiver of a message says of it, signed by its identity (PSP/1 section 7), so that a third party may be shown that it came.
 *
 * @param sender who sent the message
 * @param receiver who signed
 * @param message id of the message
 * @param text what is said
 * @param signature not copied, do not modify
 */
public record SignedReceipt(PeerId sender, PeerId receiver, UUID message, ReceiptText text, byte[] signature) {
    /** First in what is signed. */
    public static final String PURPOSE = "psp1 receipt";

    /** Signs; costs milliseconds. */
    public static SignedReceipt sign(IdentityKey receiver, PeerId sender, UUID message, ReceiptText text) {
        return new SignedReceipt(
                sender,
                receiver.peerId(),
                message,
                text,
                IdentitySignature.sign(receiver, PURPOSE, signed(sender, receiver.peerId(), message, text)));
    }

    /** Whether the holder of this key, whose PeerId is {@link #receiver}, has signed it. */
    public boolean signedBy(RSAPublicKey key) {
        return PeerId.of(LineHead.sha256().digest(key.getEncoded())).equals(receiver)
                && IdentitySignature.verify(key, PURPOSE, signed(sender, receiver, message, text), signature);
    }

    private static byte[] signed(PeerId sender, PeerId receiver, UUID message, ReceiptText text) {
        var out = new Writer(256).bytes(sender.bytes()).bytes(receiver.bytes()).uuid(message);
        text.write(out);
        return out.toBytes();
    }
}
