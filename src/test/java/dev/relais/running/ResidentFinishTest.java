package dev.relais.running;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Resident functions that go on after their answer, as others do. */
@QuarkusTest
@TestProfile(ResidentProfile.class)
class ResidentFinishTest extends FinishTest {}
