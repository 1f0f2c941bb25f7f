package dev.parlo.engine.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DocumentationTool;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Javadoc of what programs embed: the files that the release build documents. */
final class JavadocTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path EXAMPLES = Path.of("../examples/library/src/main/java");
    private static final Pattern INCLUDE = Pattern.compile("<include>(dev/parlo/[^<]*)</include>");

    @TempDir Path output;

    @Test
    void whateverProgramsReachIsDescribedWholly() throws IOException {
        DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
        List<String> warnings = new ArrayList<>();
        StringWriter written = new StringWriter();
        try (StandardJavaFileManager files =
                javadoc.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            boolean made =
                    javadoc.getTask(
                                    written,
                                    files,
                                    message ->
                                            warnings.add(
                                                    message.getSource()
                                                            + ":"
                                                            + message.getLineNumber()
                                                            + " "
                                                            + message.getMessage(Locale.ROOT)),
                                    null,
                                    List.of(
                                            "-Xdoclint:all",
                                            "-Werror",
                                            "-quiet",
                                            "-notimestamp",
                                            "-d",
                                            output.toString(),
                                            "-sourcepath",
                                            SOURCES.toString(),
                                            "--snippet-path",
                                            EXAMPLES.toString(),
                                            "-cp",
                                            System.getProperty(
                                                    "surefire.test.class.path",
                                                    System.getProperty("java.class.path"))),
                                    files.getJavaFileObjectsFromPaths(documented()))
                            .call();
            assertThat(warnings).isEmpty();
            assertThat(made).as(written.toString()).isTrue();
        }
        assertThat(output.resolve("dev/parlo/engine/embed/SpeechEngines.html")).exists();
        assertThat(output.resolve("dev/parlo/engine/embed/package-summary.html"))
                .content()
                .contains("TranscribeOptions.defaults()");
    }

    @Test
    void everyTypeThatTheFrontLeadsToIsInTheJavadoc() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (Path file : documented()) {
            String name = SOURCES.relativize(file).toString().replace('/', '.');
            documented.add(name.substring(0, name.length() - ".java".length()));
        }
        assertThat(reachable(SpeechEngines.class))
                .contains("dev.parlo.engine.TranscribeOptions", "dev.parlo.engine.audio.TimeMap")
                .isSubsetOf(documented);
    }

    @Test
    void aPackageThatIsNotInTheJavadocSaysThatItIsInternal() throws IOException {
        List<Path> documented = documented();
        try (Stream<Path> all = Files.walk(SOURCES)) {
            List<Path> packages =
                    all.filter(file -> file.endsWith("package-info.java"))
                            .filter(file -> !documented.contains(file))
                            .toList();
            assertThat(packages)
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(file)
                                    .content()
                                    .containsPattern("Internal:[\\s*]+it[\\s*]+may[\\s*]+change"));
        }
    }

    /** The files that {@code make javadoc} is given, as the pom says. */
    private static List<Path> documented() throws IOException {
        List<PathMatcher> included =
                INCLUDE.matcher(Files.readString(Path.of("pom.xml")))
                        .results()
                        .map(include ->
                                FileSystems.getDefault()
                                        .getPathMatcher("glob:" + SOURCES + "/" + include.group(1)))
                        .toList();
        try (Stream<Path> all = Files.walk(SOURCES)) {
            return all.filter(file -> included.stream().anyMatch(matcher -> matcher.matches(file)))
                    .sorted()
                    .toList();
        }
    }

    /** Top-level types of Parlo in the public signatures of a type, and in theirs, and so on. */
    private static Set<String> reachable(Class<?> first) {
        Set<String> names = new TreeSet<>();
        Set<Class<?>> seen = new HashSet<>();
        Deque<Class<?>> left = new ArrayDeque<>(List.of(first));
        while (!left.isEmpty()) {
            Class<?> type = left.pop();
            if (!type.getName().startsWith("dev.parlo.")
                    || !Modifier.isPublic(type.getModifiers())
                    || !seen.add(type)) {
                continue;
            }
            names.add(outermost(type).getName());
            left.addAll(List.of(type.getClasses()));
            List<Type> mentioned = new ArrayList<>(List.of(type.getGenericInterfaces()));
            if (type.getGenericSuperclass() != null) {
                mentioned.add(type.getGenericSuperclass());
            }
            for (Field field : type.getFields()) {
                mentioned.add(field.getGenericType());
            }
            for (Constructor<?> constructor : type.getConstructors()) {
                mentioned.addAll(List.of(constructor.getGenericParameterTypes()));
            }
            for (Method method : type.getMethods()) {
                mentioned.add(method.getGenericReturnType());
                mentioned.addAll(List.of(method.getGenericParameterTypes()));
                mentioned.addAll(List.of(method.getGenericExceptionTypes()));
            }
            mentioned.forEach(mention -> classes(mention, left));
        }
        return names;
    }

    private static Class<?> outermost(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type : outermost(outer);
    }

    private static void classes(Type type, Deque<Class<?>> into) {
        switch (type) {
            case Class<?> array when array.isArray() -> classes(array.getComponentType(), into);
            case Class<?> plain -> into.add(plain);
            case GenericArrayType array -> classes(array.getGenericComponentType(), into);
            case ParameterizedType generic -> {
                classes(generic.getRawType(), into);
                for (Type argument : generic.getActualTypeArguments()) {
                    classes(argument, into);
                }
            }
            case WildcardType wildcard -> {
                for (Type bound : wildcard.getUpperBounds()) {
                    classes(bound, into);
                }
            }
            default -> {
                // A type variable: its bounds are the language's own here.
            }
        }
    }
}
