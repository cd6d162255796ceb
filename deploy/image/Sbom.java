import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is in the image, as CycloneDX 1.6: {@code java Sbom.java VERSION HOME LIBC_VERSION}. The same input gives the same bytes. */
final class Sbom {
    /** {@code group.artifact-version.jar}, as Quarkus names what it copies; the group is cut off where the coordinates are not in the jar. */
    private static final Pattern NAMED = Pattern.compile("(.+)-(\\d[\\w.]*(?:-[A-Za-z][\\w.]*)*?)\\.jar");

    private Sbom() {}

    public static void main(String... arguments) throws IOException {
        Path home = Path.of(arguments[1]);
        Map<String, String> components = new TreeMap<>();
        try (Stream<Path> files = Files.list(home.resolve("lib/app"))) {
            for (Path jar : files.filter(each -> each.toString().endsWith(".jar")).sorted().toList()) {
                for (String[] each : coordinates(jar)) {
                    components.put(
                            each[0] + ":" + each[1],
                            component("library", each[0], each[1], each[2], "pkg:maven/" + each[0] + "/" + each[1] + "@" + each[2], hash(jar)));
                }
            }
        }
        Properties release = new Properties();
        try (InputStream in = Files.newInputStream(home.resolve("lib/runtime/release"))) {
            release.load(in);
        }
        String java = release.getProperty("JAVA_RUNTIME_VERSION", release.getProperty("JAVA_VERSION", "unknown")).replace("\"", "");
        components.put("~java", component("framework", "", "openjdk", java, "pkg:generic/openjdk@" + java.replace("+", "%2B"), null));
        components.put("~libc", component("library", "", "glibc", arguments[2], "pkg:generic/glibc@" + arguments[2].replace("+", "%2B"), null));
        System.out.println("{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n"
                + "  \"metadata\": {\"component\": {\"type\": \"container\", \"name\": \"parley\", \"version\": \"" + arguments[0]
                + "\"}},\n  \"components\": [\n    " + String.join(",\n    ", components.values()) + "\n  ]\n}");
    }

    /** Group, artifact and version of what is in a jar; several if jars were merged into it. */
    private static List<String[]> coordinates(Path jar) throws IOException {
        List<String[]> found = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (var entry : file.stream().filter(each -> each.getName().endsWith("/pom.properties")).toList()) {
                Properties properties = new Properties();
                properties.load(file.getInputStream(entry));
                found.add(new String[] {
                    properties.getProperty("groupId"), properties.getProperty("artifactId"), properties.getProperty("version")
                });
            }
        }
        Matcher named = NAMED.matcher(jar.getFileName().toString());
        if (found.isEmpty() && named.matches()) {
            String name = named.group(1);
            int dot = name.lastIndexOf('.');
            found.add(new String[] {dot < 0 ? "unknown" : name.substring(0, dot), name.substring(dot + 1), named.group(2)});
        }
        return found;
    }

    private static String component(String type, String group, String name, String version, String purl, String sha256) {
        return "{\"type\": \"" + type + "\"" + (group.isEmpty() ? "" : ", \"group\": \"" + group + "\"") + ", \"name\": \"" + name
                + "\", \"version\": \"" + version + "\", \"purl\": \"" + purl + "\""
                + (sha256 == null ? "" : ", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"" + sha256 + "\"}]") + "}";
    }

    private static String hash(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
