import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.ClassTransform;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Build step after Quarkus' own: puts the client into one jar and records an ahead-of-time cache for it, so that a
 * command starts in a third of the time. Arguments: the quarkus-app directory, the directory to write to.
 *
 * <p>Classes from before Java 6 (picocli's) are re-written to the present class-file version, with the stack maps that
 * came with it: the JDK leaves older classes out of its cache. Nothing else of them changes.
 */
final class Pack {
    /** What is needed without Quarkus' container, as beginnings of file names in {@code lib/main}. */
    private static final List<String> LIBRARIES = List.of(
            "dev.parley.parley-admin-api-",
            "dev.parley.parley-evidence-",
            "dev.parley.parley-protocol-",
            "com.fasterxml.jackson.core.jackson-annotations-",
            "com.fasterxml.jackson.core.jackson-core-",
            "info.picocli.picocli-",
            "org.jline.jline-");

    /**
     * What only a few commands need (ca, attack, audit verify): beside the jar, opened by the JVM only when a class is in none of the jars before, so that no
     * other command pays for their megabytes.
     */
    private static final List<String> ASIDE = List.of(
            "dev.parley.parley-authority-",
            "dev.parley.parley-evidence-",
            "dev.parley.parley-lab-",
            "dev.parley.parley-protocol-",
            "org.bouncycastle.bcpkix-",
            "org.bouncycastle.bcprov-",
            "org.bouncycastle.bcutil-");

    private static final int JAVA_6 = 50;

    /** The flags of client/parley; a cache is good only for the same ones. */
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djdk.reflect.useNativeAccessorOnly=true");

    private Pack() {}

    public static void main(String... arguments) throws Exception {
        Path app = Path.of(arguments[0]).toRealPath();
        Path target = Files.createDirectories(Path.of(arguments[1])).toRealPath();
        Path jar = target.resolve("parley.jar");
        writeJar(app, jar, setAside(app, target));
        train(jar, target.resolve("parley.aot"));
    }

    /** @return the class path of what was set aside, relative to the jar */
    private static String setAside(Path app, Path target) throws IOException {
        Path directory = Files.createDirectories(target.resolve("lib"));
        List<String> names = new ArrayList<>();
        for (String library : ASIDE) {
            List<Path> found = find(app.resolve("lib/main"), library);
            if (found.size() != 1) {
                throw new IOException("expected " + library + " once in " + app + ", found " + found);
            }
            String name = library.substring(library.lastIndexOf('.') + 1).replaceAll("-$", ".jar");
            Path unfinished = directory.resolve(name + ".new");
            Files.copy(found.getFirst(), unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            names.add("lib/" + name);
        }
        return String.join(" ", names);
    }

    private static void writeJar(Path app, Path jar, String aside) throws IOException {
        List<Path> sources = new ArrayList<>(find(app.resolve("app"), ""));
        for (String library : LIBRARIES) {
            sources.addAll(find(app.resolve("lib/main"), library));
        }
        if (sources.size() != LIBRARIES.size() + 1) {
            throw new IOException("expected the client and " + LIBRARIES + " in " + app + ", found " + sources);
        }
        Map<String, byte[]> entries = new TreeMap<>();
        for (Path source : sources) {
            read(source, entries);
        }
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, "dev.parley.client.Main");
        main.put(Attributes.Name.CLASS_PATH, aside);
        main.putValue("Enable-Native-Access", "ALL-UNNAMED");
        Path unfinished = jar.resolveSibling("parley.jar.new");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(unfinished), manifest)) {
            for (var entry : entries.entrySet()) {
                ZipEntry zipped = new ZipEntry(entry.getKey());
                zipped.setLastModifiedTime(FileTime.fromMillis(0));
                out.putNextEntry(zipped);
                out.write(entry.getValue());
            }
        }
        Files.move(unfinished, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Path> find(Path directory, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix)).sorted().toList();
        }
    }

    private static void read(Path source, Map<String, byte[]> entries) throws IOException {
        try (JarFile jar = new JarFile(source.toFile())) {
            for (ZipEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                boolean licence = name.startsWith("META-INF/LICENSE") || name.startsWith("META-INF/NOTICE");
                if (entry.isDirectory() || name.endsWith("module-info.class")) {
                    continue;
                }
                if (name.startsWith("META-INF/versions/") || name.equals("META-INF/MANIFEST.MF")) {
                    continue;
                }
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                if (licence) {
                    name = "META-INF/licenses/" + source.getFileName() + "/" + name.substring("META-INF/".length());
                }
                entries.putIfAbsent(name, name.endsWith(".class") ? modern(bytes, jar) : bytes);
            }
        }
    }

    private static byte[] modern(byte[] bytes, JarFile jar) {
        ClassFile reader = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(
                                type -> open(jar, type.packageName(), type.displayName()))
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        var model = reader.parse(bytes);
        if (model.majorVersion() >= JAVA_6) {
            return bytes;
        }
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.latestMajorVersion(), 0);
            } else {
                builder.with(element);
            }
        };
        // A code transform, even one that changes nothing, has the stack maps made.
        CodeTransform same = (builder, element) -> builder.with(element);
        return reader.transformClass(
                model, version.andThen(ClassTransform.transformingMethods(MethodTransform.transformingCode(same))));
    }

    private static java.io.InputStream open(JarFile jar, String packageName, String name) {
        try {
            var entry = jar.getEntry(packageName.replace('.', '/') + "/" + name + ".class");
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cache that cannot be made costs speed, nothing else: the build goes on. */
    private static void train(Path jar, Path cache) throws Exception {
        Files.deleteIfExists(cache);
        // Not in the target directory: its path may be longer than a socket's may be.
        Path directory = Files.createTempDirectory("parley-");
        Path socket = directory.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> serve(server));
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            List<String> command = new ArrayList<>(List.of(java));
            command.addAll(FLAGS);
            command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-cp", jar.toString(), "dev.parley.client.Training"));
            command.add(socket.toString());
            Path log = jar.resolveSibling("training.log");
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (code != 0 || !Files.exists(cache)) {
                System.err.println("no ahead-of-time cache was made, parley will start slower: see " + log);
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
        }
    }

    /** Answers like a node: to each path what a real one would. */
    private static void serve(ServerSocketChannel server) {
        while (true) {
            try (SocketChannel client = server.accept()) {
                ByteBuffer in = ByteBuffer.allocate(1 << 16);
                client.read(in);
                String request = new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
                String body = Arrays.stream(REPLIES)
                        .filter(reply -> request.startsWith(reply[0], reply[0].startsWith("/") ? request.indexOf(' ') + 1 : 0))
                        .map(reply -> reply[1])
                        .findFirst()
                        .orElse("[]");
                byte[] bytes = (body + "\n").getBytes(StandardCharsets.UTF_8);
                String head = "HTTP/1.1 200 OK\r\nParley-Api-Version: 1\r\nContent-Type: application/json\r\nContent-Length: "
                        + bytes.length + "\r\n\r\n";
                client.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)));
                client.write(ByteBuffer.wrap(bytes));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static final String ID = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrsa";
    private static final String AT = "\"2026-01-01T00:00:00Z\"";
    private static final String UUID = "\"01920000-0000-7000-8000-000000000000\"";
    private static final String[][] REPLIES = {
        {
            "/v1/status",
            "{'apiVersion':1,'version':'1','pid':1,'peerId':'ID','name':'n','listen':'h:1','startedAt':AT,'uptimeMillis':1,"
                    + "'dataDir':'/d','managementPort':1,'trustMode':'approve','suites':['A256GCM'],'cryptoProvider':'p',"
                    + "'ready':true,'warnings':[],'counts':{'sessions':1,'connections':1,'peers':{'TRUSTED':1},'messages':{'SENT':1},"
                    + "'unread':1,'transfers':1}}"
        },
        {
            "/v1/sessions",
            "[{'sessionId':UUID,'peerId':'ID','alias':'a','remoteAddress':'h:1','initiatedHere':true,'suite':'A256GCM',"
                    + "'state':'UP','upSince':AT,'lastHeard':AT,'epoch':0,'messagesSent':1,'messagesReceived':1,"
                    + "'bytesSent':1,'bytesReceived':2048}]"
        },
        {
            "/v1/peers/",
            "{'peerId':'ID','alias':'a','state':'TRUSTED','addresses':[],'firstSeen':AT,'connected':true,'unread':0,'waiting':0,"
                    + "'safetyText':'t'}"
        },
        {
            "/v1/peers",
            "[{'peerId':'ID','alias':'a','claimedName':'n','state':'TRUSTED','addresses':['h:1'],'firstSeen':AT,"
                    + "'lastSeen':AT,'connected':true,'unread':0,'waiting':0,'safetyText':'t'}]"
        },
        {
            "POST /v1/connections",
            "{'address':'h:1','state':'CONNECTED','sessionId':UUID,'peerId':'ID','alias':'a','peerState':'TRUSTED',"
                    + "'firstContact':false,'suite':'A256GCM','keep':true}"
        },
        {
            "/v1/connections",
            "[{'address':'h:1','peerId':'ID','alias':'a','state':'CONNECTED','attempts':0,'sessionId':UUID}]"
        },
        {"GET /v1/messages", "[]"},
        {
            "/v1/messages",
            "{'id':UUID,'scope':'DIRECT','mediaType':'text/plain','size':2,'createdAt':AT,'deliveries':[{'peerId':'ID',"
                    + "'alias':'a','state':'DELIVERED','queuedAt':AT,'sentAt':AT,'finishedAt':AT}],'summary':{'DELIVERED':1}}"
        },
        {
            "/v1/history",
            "{'entries':[{'cursor':1,'direction':'IN','id':UUID,'peerId':'ID','alias':'a','at':AT,'sentAt':AT,'scope':'DIRECT',"
                    + "'mediaType':'text/plain','size':2,'text':'hi','unread':false},{'cursor':2,'direction':'OUT','id':UUID,"
                    + "'peerId':'ID','at':AT,'scope':'DIRECT','mediaType':'text/plain','size':2,'text':'hi','state':'SENT'}],"
                    + "'before':1,'incomplete':false}"
        },
        {
            "/v1/files",
            "[{'id':UUID,'direction':'IN','peerId':'ID','alias':'a','name':'n','mediaType':'t/t','size':1,'state':'OFFERED',"
                    + "'transferred':0,'createdAt':AT}]"
        },
        {"/v1/events", "{'type':'session-closed','at':AT,'sessionId':UUID,'peerId':'ID','code':0,'reason':'r','byPeer':true}"},
        {"/v1/audit", "{'time':AT,'event':'NODE_READY','peer':'ID'}"},
        {
            "/v1/identity",
            "{'peerId':'ID','name':'n','algorithm':'RSA','bits':3072,'publicKeyPem':'p','safetyText':'t'}"
        },
        {"/v1/version", "{'apiVersion':1,'version':'1','protocol':'PSP/1','java':'25'}"},
    };

    static {
        for (String[] reply : REPLIES) {
            reply[1] = reply[1].replace("ID", "\1").replace("UU\1", UUID).replace("\1", ID).replace("AT,", AT + ",").replace("AT}", AT + "}").replace('\'', '"');
        }
    }
}
