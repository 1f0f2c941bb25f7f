package dev.parlo.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which module may know which, and how packages are called. */
class ArchitectureTest {
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        // The test Hub, which the build has as a jar once it is packaged.
                        .withImportOption(location -> !location.contains("-tests.jar"))
                        .importPackages("dev.parlo");
        assertThat(classes).hasSizeGreaterThan(100);
    }

    @Test
    void registryAndEnginesDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.parlo.registry..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parlo.engine..", "dev.parlo.server..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.parlo.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parlo.registry..", "dev.parlo.server..")
                .check(classes);
    }

    /** The registry's packages build on each other in one direction: cache, hub, registry. */
    @Test
    void theRegistrysPackagesHaveNoCycles() {
        noClasses()
                .that()
                .resideInAPackage("dev.parlo.registry")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parlo.registry.hub..", "dev.parlo.registry.cache..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.parlo.registry.hub..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parlo.registry.cache..")
                .check(classes);
    }

    @Test
    void enginesSpeakNoHttp() {
        noClasses()
                .that()
                .resideInAPackage("dev.parlo.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.javalin..",
                        "jakarta.servlet..",
                        "org.eclipse.jetty..",
                        "okhttp3..",
                        "java.net.http..")
                .check(classes);
    }

    /** OkHttp: two clients would have two ways through proxies and certificates. */
    @Test
    void thereIsOneHttpClient() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .check(classes);
    }

    @Test
    void theCommandLineIsKnownByNobodyButMain() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parlo.server.cli..")
                .and()
                .doNotHaveFullyQualifiedName("dev.parlo.server.Main")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parlo.server.cli..")
                .check(classes);
    }

    /** Digits, decimal points and the Turkish i must not depend on where the server runs. */
    @Test
    void noTextIsMadeWithTheDefaultLocale() {
        noClasses()
                .should()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .orShould()
                .callMethod(Locale.class, "getDefault")
                .orShould()
                .callMethod(Locale.class, "getDefault", Locale.Category.class)
                .because("a server in Iran or Turkey writes what every other one writes")
                .check(classes);
    }

    @Test
    void openTelemetryIsKnownByOnePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parlo.server.telemetry..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")
                .because("where nothing is sent none of its classes may be loaded")
                .check(classes);
    }

    @Test
    void packagesAreNamedAfterFeatures() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..impl..", "..common..", "..service..")
                .check(classes);
    }

    /** What decides and what computes are apart: search, files and words run without a runtime. */
    @Test
    void theRuntimeIsKnownByWhatRunsOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.parlo.engine.whisper.checkpoint..",
                        "dev.parlo.engine.whisper.decode..",
                        "dev.parlo.engine.whisper.mel..",
                        "dev.parlo.engine.whisper.network..",
                        "dev.parlo.engine.whisper.tokenizer..",
                        "dev.parlo.engine.whisper.window..",
                        "dev.parlo.engine.whisper.words..",
                        "dev.parlo.engine.text..",
                        "dev.parlo.engine.pool..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.parlo.engine.whisper.graph..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parlo.engine.whisper.cpu..")
                .check(classes);
    }

    /** Models are lent to whatever works with them; what that is comes in through factories. */
    @Test
    void theModelsKnowNoTask() {
        noClasses()
                .that()
                .resideInAPackage("dev.parlo.server.models..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.parlo.server.speaker..",
                        "dev.parlo.server.speech..",
                        "dev.parlo.server.transcription..",
                        "dev.parlo.server.vad..")
                .check(classes);
    }

    @Test
    void thePoolKnowsNoEngine() {
        classes()
                .that()
                .resideInAPackage("dev.parlo.engine.pool..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.parlo.engine",
                        "dev.parlo.engine.pool..",
                        "dev.parlo.engine.admission..",
                        "dev.parlo.engine.log..",
                        "java..",
                        "com.sun.management..",
                        "org.slf4j..",
                        "org.jspecify..")
                .check(classes);
    }

    @Test
    void packagesDependOnEachOtherInOneDirection() {
        for (String parent :
                new String[] {
                    "dev.parlo.server.(*)..",
                    "dev.parlo.engine.(*)..",
                    "dev.parlo.engine.whisper.(*)..",
                    "dev.parlo.registry.(*).."
                }) {
            slices().matching(parent).should().beFreeOfCycles().check(classes);
        }
    }
}
