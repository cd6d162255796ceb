package dev.parley.client.attack;

import static dev.parley.client.attack.Rewriting.before;
import static dev.parley.client.attack.Rewriting.body;
import static dev.parley.client.attack.Rewriting.call;
import static dev.parley.client.attack.Rewriting.field;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.ByteBuffer;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/** A defence of the node that is taken out of a built one: each a mistake that somebody could make in its source. */
enum Defect {
    GCM_TAG_UNCHECKED(
            "A256GCM decrypts and does not look at the tag",
            protocol("crypto.Gcm", "doOpen(", body(Defect::decryptAsCounterMode))),
    CBC_TAG_UNCHECKED(
            "A256CBC-HS512 takes every tag for the right one",
            protocol(
                    "crypto.CbcHmac",
                    "doOpen(",
                    call("java.security.MessageDigest", "isEqual", CodeBuilder::iconst_1))),
    RECORDS_UNNUMBERED(
            "the number of a record does not enter the tag of A256CBC-HS512",
            protocol("crypto.CbcHmac", "tag(", before(code -> code.lconst_0().lstore(code.parameterSlot(0))))),
    ONE_KEY_FOR_BOTH_DIRECTIONS(
            "the responder's records are under the initiator's key",
            protocol(
                    "handshake.SessionKeys",
                    "trafficKey(",
                    before(code -> code.getstatic(ofProtocol("wire.Role"), "INITIATOR", ofProtocol("wire.Role"))
                            .astore(code.parameterSlot(0))))),
    HANDSHAKE_NOT_IN_THE_KEYS(
            "keys and tags do not depend on what the handshake said",
            protocol("handshake.SymmetricState", "mixHash(", body(CodeBuilder::return_))),
    NO_RATCHET(
            "no key is ever due to be replaced",
            protocol("record.Ratchet", "due(", body(code -> code.iconst_0().ireturn()))),
    NO_HANDSHAKE_DEADLINE(
            "a handshake may take as long as it likes",
            protocol("HandshakeStage", "tick(", field("handshakeDeadline", code -> code.loadConstant(Long.MAX_VALUE)))),
    ANY_KEY_ANSWERS(
            "whom a dial expects is not compared with who answers",
            node("net.OutboundPeer", "answered(", call("java.util.Optional", "isPresent", CodeBuilder::iconst_0))),
    STRANGERS_LET_IN(
            "who comes for the first time is let in",
            node("trust.KnownPeers", "decide(", call(named("trust.PeerState"), "isLetIn", CodeBuilder::iconst_1))),
    STRANGERS_HEARD_WHERE_DIALED(
            "who is dialed for the first time may send before anybody has looked",
            node("net.OutboundPeer", "confirmed(", body(code -> code.iconst_1().ireturn()))),
    MESSAGES_WITHOUT_IDS(
            "a message that comes again is kept as another",
            node(
                    "message.InboxTable",
                    "insert(",
                    call(
                            "dev.parley.protocol.wire.Record$Message",
                            "id",
                            code -> code.invokestatic(
                                    of(UUID.class), "randomUUID", MethodTypeDesc.of(of(UUID.class)))))),
    NO_QUOTAS(
            "what one peer may leave is not bounded",
            node(
                    "message.Usage",
                    "take(",
                    body(code -> code.invokestatic(of(Optional.class), "empty", MethodTypeDesc.of(of(Optional.class)))
                            .areturn()))),
    FILE_NAMES_BELIEVED(
            "a file is called what its sender says",
            node(
                    "transfer.FileNames",
                    "clean(",
                    body(code -> code.aload(code.parameterSlot(0)).areturn()))),
    CONTENT_UNCHECKED(
            "a file is kept whatever its hash",
            node(
                    "transfer.Incoming",
                    "complete(",
                    call("java.security.MessageDigest", "isEqual", CodeBuilder::iconst_1))),
    STORE_IN_THE_CLEAR(
            "what is stored is not enciphered",
            node("store.Vault", "seal([B[BII)", body(Defect::keepAsItIs)),
            node("store.Vault", "open([B[BII)", body(Defect::giveAsItIs))),
    DUPLICATES_UNNOTICED(
            "nobody compares the instances of a peer",
            node("session.DuplicateWatch", "answered(", body(CodeBuilder::return_))),
    ADMIN_SERVES_ALL(
            "the admin socket serves whoever gets to it",
            node(
                    "control.Grants",
                    "of(",
                    body(code -> code.getstatic(
                                    ofNode("control.Permission"), "ADMINISTER", ofNode("control.Permission"))
                            .invokestatic(of(Optional.class), "of", MethodTypeDesc.of(of(Optional.class), CD_Object))
                            .areturn()))),
    TAMPERING_UNTOLD(
            "net.log is not told of records that did not open",
            node("audit.NetLog", "record(", before(code -> leaveOut(code, "SessionEvent$Tampering")))),
    KEY_CHANGES_UNTOLD(
            "net.log is not told of a known peer's other key",
            node("audit.NetLog", "record(", before(code -> leaveOut(code, "PeerEvent$PeerKeyChanged"))));

    private static final int GCM_TAG = 16;
    private static final int BLOCK = 16;
    /** Of a sealed value in the store: which run, which number. */
    private static final int VAULT_HEADER = 4 + 8;

    private static final int VAULT_OVERHEAD = VAULT_HEADER + GCM_TAG;

    private final String says;
    private final List<Rewriting> rewritings;

    Defect(String says, Rewriting... rewritings) {
        this.says = says;
        this.rewritings = List.of(rewritings);
    }

    /** What is wrong then, a clause. */
    String says() {
        return says;
    }

    List<Rewriting> rewritings() {
        return rewritings;
    }

    /** GCM without its tag is counter mode, and the first block has the number 2. {@code doOpen(n, ad, sealed, offset, length)}. */
    private static void decryptAsCounterMode(CodeBuilder code) {
        ClassDesc cipher = of(Cipher.class);
        ClassDesc buffer = of(ByteBuffer.class);
        ClassDesc bytes = CD_byte.arrayType();
        int made = code.allocateLocal(TypeKind.REFERENCE);
        code.ldc("AES/CTR/NoPadding")
                .invokestatic(cipher, "getInstance", MethodTypeDesc.of(cipher, of(String.class)))
                .astore(made)
                .aload(made)
                .loadConstant(Cipher.DECRYPT_MODE)
                .aload(code.receiverSlot())
                .getfield(ofProtocol("crypto.Gcm"), "key", ofProtocol("crypto.RawKey"))
                .new_(of(IvParameterSpec.class))
                .dup()
                .loadConstant(BLOCK)
                .invokestatic(buffer, "allocate", MethodTypeDesc.of(buffer, CD_int))
                .iconst_0()
                .invokevirtual(buffer, "putInt", MethodTypeDesc.of(buffer, CD_int))
                .lload(code.parameterSlot(0))
                .invokevirtual(buffer, "putLong", MethodTypeDesc.of(buffer, CD_long))
                .iconst_2()
                .invokevirtual(buffer, "putInt", MethodTypeDesc.of(buffer, CD_int))
                .invokevirtual(buffer, "array", MethodTypeDesc.of(bytes))
                .invokespecial(of(IvParameterSpec.class), INIT_NAME, MethodTypeDesc.of(CD_void, bytes))
                .invokevirtual(
                        cipher,
                        "init",
                        MethodTypeDesc.of(CD_void, CD_int, of(Key.class), of(AlgorithmParameterSpec.class)))
                .aload(made)
                .aload(code.parameterSlot(2))
                .iload(code.parameterSlot(3))
                .iload(code.parameterSlot(4))
                .loadConstant(GCM_TAG)
                .isub()
                .invokevirtual(cipher, "doFinal", MethodTypeDesc.of(bytes, bytes, CD_int, CD_int))
                .areturn();
    }

    /** {@code seal(place, content, offset, length)}: as long as a sealed value, and the content in its middle. */
    private static void keepAsItIs(CodeBuilder code) {
        int kept = code.allocateLocal(TypeKind.REFERENCE);
        code.iload(code.parameterSlot(3))
                .loadConstant(VAULT_OVERHEAD)
                .iadd()
                .newarray(TypeKind.BYTE)
                .astore(kept)
                .aload(code.parameterSlot(1))
                .iload(code.parameterSlot(2))
                .aload(kept)
                .loadConstant(VAULT_HEADER)
                .iload(code.parameterSlot(3))
                .invokestatic(
                        of(System.class),
                        "arraycopy",
                        MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_Object, CD_int, CD_int))
                .aload(kept)
                .areturn();
    }

    /** {@code open(place, sealed, offset, length)}. */
    private static void giveAsItIs(CodeBuilder code) {
        ClassDesc bytes = CD_byte.arrayType();
        code.aload(code.parameterSlot(1))
                .iload(code.parameterSlot(2))
                .loadConstant(VAULT_HEADER)
                .iadd()
                .iload(code.parameterSlot(2))
                .iload(code.parameterSlot(3))
                .iadd()
                .loadConstant(GCM_TAG)
                .isub()
                .invokestatic(of(Arrays.class), "copyOfRange", MethodTypeDesc.of(bytes, bytes, CD_int, CD_int))
                .areturn();
    }

    /** {@code record(event)} has recorded it, as far as its caller learns. */
    private static void leaveOut(CodeBuilder code, String event) {
        ClassDesc done = of(CompletableFuture.class);
        code.aload(code.parameterSlot(0))
                .instanceOf(ofNode("audit." + event))
                .ifThen(then -> then.aconst_null()
                        .invokestatic(done, "completedFuture", MethodTypeDesc.of(done, CD_Object))
                        .areturn());
    }

    private static Rewriting protocol(String type, String method, Rewriting.Change change) {
        return new Rewriting("dev.parley.protocol." + type, method, change);
    }

    private static Rewriting node(String type, String method, Rewriting.Change change) {
        return new Rewriting(named(type), method, change);
    }

    private static String named(String type) {
        return "dev.parley.node." + type;
    }

    private static ClassDesc ofProtocol(String type) {
        return ClassDesc.of("dev.parley.protocol." + type);
    }

    private static ClassDesc ofNode(String type) {
        return ClassDesc.of(named(type));
    }

    private static ClassDesc of(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
