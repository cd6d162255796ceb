import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Lays node and client out for an image: {@code java Layout.java QUARKUS_APP CLIENT_DIR CLASSES OUT}.
 *
 * <p>One class path serves both, so that one shared archive of classes does; {@code OUT/lib/parley.jar} names it in its manifest
 * and holds {@code CLASSES}, the entry; {@code OUT/lib/node.jar} has the same manifest, but starts the node. Native libraries of
 * this machine's kind go to {@code OUT/native}, because an image with a read-only root has no place to unpack them to; those of other machines are left out. Signatures are left out too, because the JVM
 * archives no classes of signed jars, and {@link Slim} leaves out the names of local variables. Everything else of a jar stays, its
 * {@code pom.properties} and licences included.
 *
 * <p>The same input gives the same bytes.
 */
final class Layout {
    private static final FileTime TIME = FileTime.fromMillis(0);
    private static final Set<String> NATIVE = Set.of(".so", ".dll", ".dylib", ".jnilib", ".a");

    /** The machine's name in the paths of each library's natives; all others are other machines. */
    private static final Map<String, List<String>> MACHINES = Map.of(
            "amd64", List.of("org/sqlite/native/Linux/x86_64/", "_epoll_x86_64.so", "provider/libamazonCorretto"),
            "aarch64", List.of("org/sqlite/native/Linux/aarch64/", "_epoll_aarch_64.so", "provider/libamazonCorretto"));

    /** Compression codecs that no part of Parley uses. */
    private static final String UNUSED = "com.aayushatharva.brotli4j.native-";

    private final Path out;
    private final List<String> machine;
    private final Set<String> seen = new HashSet<>();
    private final List<String> classPath = new ArrayList<>();

    private Layout(Path out, List<String> machine) {
        this.out = out;
        this.machine = machine;
    }

    public static void main(String... arguments) throws IOException {
        Path app = Path.of(arguments[0]);
        Path client = Path.of(arguments[1]);
        List<String> machine = MACHINES.get(System.getProperty("os.arch"));
        if (machine == null) {
            throw new IOException("no native libraries are known for " + System.getProperty("os.arch"));
        }
        Path classes = Path.of(arguments[2]);
        Layout layout = new Layout(Path.of(arguments[3]), machine);
        Files.createDirectories(layout.out.resolve("lib"));
        Files.createDirectories(layout.out.resolve("native"));
        // What Quarkus has changed of a class goes before the class itself.
        layout.add(app.resolve("quarkus/transformed-bytecode.jar"), "transformed-bytecode.jar");
        layout.add(app.resolve("quarkus/generated-bytecode.jar"), "generated-bytecode.jar");
        layout.addAll(app.resolve("app"));
        layout.add(client.resolve("parley.jar"), "client.jar");
        layout.addAll(app.resolve("lib/boot"));
        layout.addAll(app.resolve("lib/main"));
        layout.addAll(client.resolve("lib"));
        layout.writeEntry(app.resolve("quarkus-run.jar"), "parley.jar", "dev.parley.image.Launch", read(classes));
        layout.writeEntry(app.resolve("quarkus-run.jar"), "node.jar", "dev.parley.node.boot.Main", Map.of());
    }

    private void addAll(Path directory) throws IOException {
        for (Path jar : jars(directory)) {
            String name = jar.getFileName().toString();
            if (!name.startsWith(UNUSED)) {
                add(jar, name);
            }
        }
    }

    private static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private void add(Path source, String name) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        Manifest manifest;
        try (JarFile jar = new JarFile(source.toFile(), false)) {
            manifest = jar.getManifest();
            for (ZipEntry entry : jar.stream().filter(each -> !each.isDirectory()).toList()) {
                String path = entry.getName();
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                if (isNative(path)) {
                    keepNative(path, bytes);
                } else if (wanted(path, name)) {
                    entries.put(path, path.endsWith(".class") ? Slim.of(bytes) : bytes);
                }
            }
        }
        if (entries.keySet().stream().noneMatch(path -> path.endsWith(".class"))
                && entries.keySet().stream().noneMatch(path -> path.startsWith("META-INF/services/"))) {
            // Only natives, and they have moved.
            return;
        }
        write(out.resolve("lib").resolve(name), plain(manifest), entries);
        classPath.add(name);
    }

    private static boolean isNative(String path) {
        int dot = path.lastIndexOf('.');
        return dot > 0 && NATIVE.contains(path.substring(dot));
    }

    private void keepNative(String path, byte[] bytes) throws IOException {
        if (machine.stream().anyMatch(path::contains)) {
            Files.write(out.resolve("native").resolve(path.substring(path.lastIndexOf('/') + 1)), bytes);
        }
    }

    private boolean wanted(String path, String jar) {
        if (path.equals("META-INF/MANIFEST.MF") || path.equals("META-INF/INDEX.LIST")) {
            return false;
        }
        if (path.startsWith("META-INF/") && path.indexOf('/', 9) < 0
                && (path.endsWith(".SF") || path.endsWith(".RSA") || path.endsWith(".DSA") || path.endsWith(".EC"))) {
            return false;
        }
        if (jar.equals("client.jar") && path.equals("application.properties")) {
            // The client has settings of its own for Quarkus, which it does not use here; the node must not read them.
            return false;
        }
        // The first on the class path is the one that is loaded.
        return !path.endsWith(".class") || path.endsWith("module-info.class") || seen.add(path);
    }

    /** Without the digests of the entries, which belonged to a signature. */
    private static Manifest plain(Manifest manifest) {
        Manifest plain = new Manifest();
        plain.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (manifest != null) {
            plain.getMainAttributes().putAll(manifest.getMainAttributes());
            plain.getMainAttributes().remove(Attributes.Name.CLASS_PATH);
        }
        return plain;
    }

    private static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private void writeEntry(Path quarkusRun, String name, String mainClass, Map<String, byte[]> entries) throws IOException {
        Manifest manifest;
        try (JarFile jar = new JarFile(quarkusRun.toFile())) {
            manifest = plain(jar.getManifest());
        }
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", classPath));
        manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
        write(out.resolve("lib").resolve(name), manifest, entries);
    }

    private static void write(Path jar, Manifest manifest, Map<String, byte[]> entries) throws IOException {
        try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar))) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            manifest.write(head);
            put(to, JarFile.MANIFEST_NAME, head.toByteArray());
            for (var entry : entries.entrySet()) {
                put(to, entry.getKey(), entry.getValue());
            }
        }
    }

    private static void put(JarOutputStream to, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(TIME);
        to.putNextEntry(entry);
        to.write(bytes);
    }
}
