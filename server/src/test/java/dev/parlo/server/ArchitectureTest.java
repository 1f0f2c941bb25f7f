package dev.parlo.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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

    @Test
    void packagesAreNamedAfterFeatures() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..impl..", "..common..", "..service..")
                .check(classes);
    }
}
