package dev.parley.client.attack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassHierarchyResolver;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Copies of a built node in which a defence is gone. By hand:
 * {@code java -cp client/target/test-classes dev.parley.client.attack.BrokenNode node/daemon/target/quarkus-app /tmp/broken NO_QUOTAS}.
 */
final class BrokenNode {
    private static final String RUN = "quarkus-run.jar";

    private BrokenNode() {}

    /**
     * Makes one.
     *
     * @param built the directory of {@code quarkus-run.jar}
     * @param copy a directory that is not there yet
     * @param defects none: the classes that any defect would change are read and written, and stay what they are
     * @return the copy's {@code quarkus-run.jar}
     * @throws IllegalStateException if there is nothing to break, or it is not as it was
     */
    static Path make(Path built, Path copy, Collection<Defect> defects) throws IOException {
        if (Files.exists(copy)) {
            throw new IOException(copy + " is there already: nothing is overwritten");
        }
        copy(built, copy);
        List<Path> jars;
        try (Stream<Path> files = Files.walk(copy)) {
            jars = files.filter(each -> each.toString().endsWith(".jar")).toList();
        }
        Map<String, List<Rewriting>> wanted = new HashMap<>();
        Collection<Defect> touched = defects.isEmpty() ? List.of(Defect.values()) : defects;
        for (Defect defect : touched) {
            for (Rewriting each : defect.rewritings()) {
                List<Rewriting> of = wanted.computeIfAbsent(entry(each.className()), name -> new ArrayList<>());
                if (!defects.isEmpty()) {
                    of.add(each);
                }
            }
        }
        Set<String> seen = new HashSet<>();
        List<URL> urls = new ArrayList<>();
        for (Path each : jars) {
            urls.add(each.toUri().toURL());
        }
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), null)) {
            ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())
                    .cached();
            for (Path each : jars) {
                rewrite(each, wanted, hierarchy, seen);
            }
        }
        Set<String> missing = new HashSet<>(wanted.keySet());
        missing.removeAll(seen);
        if (!missing.isEmpty()) {
            throw new IllegalStateException("no jar of the node has " + missing
                    + " any more: the defence is elsewhere now, so the way to break it has to be, too");
        }
        return copy.resolve(RUN);
    }

    /** Every jar that has such a class gets the new one: the framework keeps some classes twice, one of them changed by itself. */
    private static void rewrite(
            Path jar, Map<String, List<Rewriting>> wanted, ClassHierarchyResolver hierarchy, Set<String> seen)
            throws IOException {
        Map<String, byte[]> changed = new HashMap<>();
        Path next = jar.resolveSibling(jar.getFileName() + ".new");
        try (InputStream file = Files.newInputStream(jar);
                ZipInputStream in = new ZipInputStream(file);
                OutputStream to = Files.newOutputStream(next);
                ZipOutputStream out = new ZipOutputStream(to)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] content = in.readAllBytes();
                List<Rewriting> rewritings = wanted.get(entry.getName());
                if (rewritings != null) {
                    content = rewritten(content, rewritings, hierarchy);
                    changed.put(entry.getName(), content);
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(content);
                out.closeEntry();
            }
        }
        if (changed.isEmpty()) {
            Files.delete(next);
        } else {
            Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING);
            seen.addAll(changed.keySet());
        }
    }

    private static byte[] rewritten(byte[] content, List<Rewriting> rewritings, ClassHierarchyResolver hierarchy) {
        byte[] now = content;
        for (Rewriting each : rewritings) {
            now = each.apply(now, hierarchy);
        }
        return rewritings.isEmpty() ? Rewriting.unchanged(now, hierarchy) : now;
    }

    private static String entry(String className) {
        return className.replace('.', '/') + ".class";
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** {@code BUILT COPY DEFECT...}; without arguments it says which defects there are. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            System.out.println("usage: BrokenNode BUILT COPY DEFECT...");
            for (Defect each : Defect.values()) {
                System.out.println("  " + each + ": " + each.says());
            }
            return;
        }
        List<Defect> defects =
                Arrays.stream(arguments).skip(2).map(Defect::valueOf).toList();
        System.out.println(make(Path.of(arguments[0]), Path.of(arguments[1]), defects));
    }
}
