import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Leaves out of a class file what only debuggers ask for: names and types of local variables (JVMS 4.7.13, 4.7.14), which the archive of
 * classes would hold too. Line numbers and parameters' names stay, and so does everything else, byte for byte.
 */
final class Slim {
    private static final Set<String> DROPPED = Set.of("LocalVariableTable", "LocalVariableTypeTable");

    private final ByteBuffer in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private String[] names;

    private Slim(byte[] classFile) {
        in = ByteBuffer.wrap(classFile);
    }

    /** @throws RuntimeException if it is no class file */
    static byte[] of(byte[] classFile) {
        try {
            Slim slim = new Slim(classFile);
            slim.run();
            return slim.bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void run() throws IOException {
        copy(8);
        constants();
        // Access, this and super; interfaces.
        copy(6);
        copy(2 * copyCount());
        members(false);
        members(true);
        attributes(false);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes after the end of a class");
        }
    }

    private void constants() throws IOException {
        int count = copyCount();
        names = new String[count];
        for (int i = 1; i < count; i++) {
            int tag = in.get();
            out.writeByte(tag);
            switch (tag) {
                case 1 -> {
                    byte[] text = new byte[copyCount()];
                    in.get(text);
                    out.write(text);
                    names[i] = new String(text, StandardCharsets.UTF_8);
                }
                case 7, 8, 16, 19, 20 -> copy(2);
                case 15 -> copy(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> copy(4);
                case 5, 6 -> {
                    copy(8);
                    // It takes two places.
                    i++;
                }
                default -> throw new IllegalArgumentException("a constant of kind " + tag);
            }
        }
    }

    private void members(boolean methods) throws IOException {
        int count = copyCount();
        for (int i = 0; i < count; i++) {
            copy(6);
            attributes(methods);
        }
    }

    /** @param ofMethod whether one called Code is code; of others it is nothing */
    private void attributes(boolean ofMethod) throws IOException {
        int count = Short.toUnsignedInt(in.getShort());
        Slim kept = new Slim(in.array());
        kept.names = names;
        int left = 0;
        for (int i = 0; i < count; i++) {
            int name = Short.toUnsignedInt(in.getShort());
            int length = in.getInt();
            int end = in.position() + length;
            if (!DROPPED.contains(names[name])) {
                left++;
                kept.in.position(in.position());
                byte[] content = ofMethod && "Code".equals(names[name]) ? kept.code() : kept.take(length);
                kept.out.writeShort(name);
                kept.out.writeInt(content.length);
                kept.out.write(content);
            }
            in.position(end);
        }
        out.writeShort(left);
        kept.bytes.writeTo(out);
    }

    private byte[] code() throws IOException {
        Slim code = new Slim(in.array());
        code.names = names;
        code.in.position(in.position());
        code.copy(4);
        int length = code.in.getInt();
        code.out.writeInt(length);
        code.copy(length);
        code.copy(8 * code.copyCount());
        code.attributes(false);
        return code.bytes.toByteArray();
    }

    private byte[] take(int length) {
        byte[] content = new byte[length];
        in.get(content);
        return content;
    }

    private int copyCount() throws IOException {
        short count = in.getShort();
        out.writeShort(count);
        return Short.toUnsignedInt(count);
    }

    private void copy(int length) throws IOException {
        out.write(take(length));
    }
}
