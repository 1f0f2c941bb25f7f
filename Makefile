# `make` alone prints this help.
.DEFAULT_GOAL := help
MVN := mvn -B -ntp
JDK25 := $(firstword $(PARLO_JAVA_HOME) $(wildcard /usr/lib/jvm/*25*))
VERSION := $(shell sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -1)
DIST := target/dist/parlo-$(VERSION)
PLATFORM := linux-$(subst aarch64,arm64,$(shell uname -m))
OTHER := $(if $(filter linux-arm64,$(PLATFORM)),linux-x86_64,linux-arm64)
PACK := tar -C target/dist --owner=0 --group=0 --numeric-owner -czf target/dist
export JAVA_HOME ?= $(JDK25)

.PHONY: speed-gate audit spark spark-test faults fuzz sbom hostile help build test check locale format documents run dist parity round-trip bench bench-tts train-smoke test-hub load soak client-tests javadoc release

help: ## this text
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

build: ## compile and package, no tests
	$(MVN) -q -DskipTests package

test: ## all tests
	$(MVN) test

check: ## what a commit must pass: tests, formatting, architecture
	JAVA_HOME=$(JDK25) $(MVN) verify

locale: ## all tests where digits are Persian, and where the letter i is Turkish
	JAVA_HOME=$(JDK25) $(MVN) test -Dtest.locale.skip=true -Dtest.locale="-Duser.language=fa -Duser.country=IR"
	JAVA_HOME=$(JDK25) $(MVN) test -Dtest.locale.skip=true -Dtest.locale="-Duser.language=tr -Duser.country=TR"

format: ## format all Java sources
	JAVA_HOME=$(JDK25) $(MVN) -q spotless:apply

documents: ## write what docs/ and openapi.json say of options and settings from their descriptions
	PARLO_WRITE_DOCS=1 JAVA_HOME=$(JDK25) $(MVN) -q test -pl server -am -Dtest=DescribedOptionsTest -Dsurefire.failIfNoSpecifiedTests=false

run: ## serve on port 8000
	./parlo serve

dist: build sbom ## archives in target/dist: one without Java, one with it; JMODS=DIR: and one for another processor
	rm -rf target/dist
	packaging/distribution $(DIST)
	$(PACK)/parlo-$(VERSION).tar.gz parlo-$(VERSION)
	packaging/distribution $(DIST) --runtime
	$(PACK)/parlo-$(VERSION)-$(PLATFORM).tar.gz parlo-$(VERSION)
ifdef JMODS
	packaging/distribution $(DIST) --runtime $(JMODS)
	$(PACK)/parlo-$(VERSION)-$(OTHER).tar.gz parlo-$(VERSION)
endif
	rm -r $(DIST)
	cd target/dist && sha256sum *.tar.gz >SHA256SUMS && ls -l

sbom: ## what is shipped, as CycloneDX: target/sbom.json
	$(MVN) -q org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom

audit: sbom ## known vulnerabilities of what is shipped; needs AUDIT, a command that reads a CycloneDX file, such as "osv-scanner scan -L" or "grype"
	packaging/audit target/sbom.json

spark: ## the job for Apache Spark, spark/target/*-job.jar, and in spark/target/home a Spark to try it with
	JAVA_HOME=$(JDK25) $(MVN) -q -Pspark -DskipTests package -pl spark -am
	JAVA_HOME=$(JDK25) $(MVN) -q -f spark/home/pom.xml package

spark-test: spark ## the job on a cluster of two worker processes, ended and started again in the middle; 5 minutes
	JAVA_HOME=$(JDK25) $(MVN) -Pspark -pl spark -am -Dtest='dev.parlo.spark.*Test' -Dsurefire.failIfNoSpecifiedTests=false test

javadoc: ## Javadoc of the engines for programs that embed them; a warning is an error
	JAVA_HOME=$(JDK25) $(MVN) -q -Prelease -pl engines compile javadoc:javadoc
	@echo engines/target/reports/apidocs/index.html

release: ## RELEASE=1.2.0 (or the pom's version), built twice and compared, in target/release, signed by SIGN_GPG or SIGN_MINISIGN; publishes nothing
	SIGN_GPG="$(SIGN_GPG)" SIGN_MINISIGN="$(SIGN_MINISIGN)" MVN="$(MVN)" packaging/release $(RELEASE)

parity: ## transcripts against the reference answers
	$(MVN) -q -pl engines -am test -Dtest=ParityRun,TransformersRun,SpeechOfFilesRun,ShortWindowsRun,EightBitsRun -Dsurefire.failIfNoSpecifiedTests=false

round-trip: ## what espeak-ng says, transcribed: word error rates, every format
	$(MVN) -q -pl server -am test -Dtest=RoundTripRun -Dsurefire.failIfNoSpecifiedTests=false

bench: ## benchmarks of transcription
	benchmarks/run whisper
	benchmarks/run file
	benchmarks/run startup

bench-tts: ## benchmarks of speech
	benchmarks/run speech
	benchmarks/run doors

train-smoke: ## every step of the training recipe, in minutes
	training/smoke

hostile: ## attack a server that is started for it, on this machine, for SECONDS (600)
	$(MVN) -q -pl server -am test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test.classpath
	$(JDK25)/bin/java --enable-native-access=ALL-UNNAMED -cp server/target/test-classes:server/target/classes:engines/target/classes:registry/target/classes:$$(cat server/target/test.classpath) dev.parlo.server.hostile.HostileRun $(or $(SECONDS),600) $(SEED)

faults: build ## kills, full disks, limits, jumping clocks and hostile peers, one after another: make faults [FAULT=name]; some take root
	JAVA_HOME=$(JDK25) FAULTS_CLASSPATH="server/target/parlo-server.jar:server/target/lib/*:registry/target/test-classes" python3 faults/run.py $(FAULT)

fuzz: ## search for input that breaks a reader of foreign bytes: make fuzz TARGET=ssml|all SECONDS=600 (of processor time)
	$(MVN) -q -Pfuzz -pl server -am test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/fuzz.classpath
	JAVA_HOME=$(JDK25) fuzz/run $(or $(TARGET),all) $(or $(SECONDS),60) $(SEED)

load: ## 64 transcription and 32 speech clients at a server, a quarter leaving early, for a minute
	benchmarks/run load

speed-gate: ## is HEAD as fast as BASE (a commit or a release's .tar.gz)? Both are built and run in turn; ROUNDS (7), BAND percent (10)
	ROUNDS="$(or $(ROUNDS),7)" BAND="$(or $(BAND),10)" benchmarks/run speed-gate "$(BASE)"

soak: ## load and unload the built-in model CYCLES times (200) and print how memory grew
	$(MVN) -q -pl engines test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test.classpath
	$(JDK25)/bin/java --enable-native-access=ALL-UNNAMED -Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp engines/target/test-classes:engines/target/classes:$$(cat engines/target/test.classpath) dev.parlo.engine.pool.ReloadSoak models/parlo/whisper-nano.en $(or $(CYCLES),200) engines/target/soak-cache

test-hub: ## a Hub over a folder, for trying downloads: make test-hub DIR=… [ARGS=…]
	$(MVN) -q -pl registry test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test.classpath
	$(JDK25)/bin/java -cp registry/target/test-classes:registry/target/classes:$$(cat registry/target/test.classpath) dev.parlo.registry.TestHub $(DIR) $(ARGS)

client-tests: ## the official OpenAI client for Node, and the page in Chromium, against a started server
	client-tests/run
