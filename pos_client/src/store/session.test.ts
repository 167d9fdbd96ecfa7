import { beforeEach, describe, expect, it } from "vitest";
import { registerTokenFrom } from "../app/register";
import { codeFrom } from "../domain/codes";
import { db, type Session } from "./db";
import { lock, makeVerifier, MAXIMUM_OFFLINE_FAILURES, pinMatches, unlockOffline } from "./session";

const ROUNDS = 1_000;

beforeEach(async () => {
  const verifier = await makeVerifier("246810", ROUNDS);
  await db.putSetting("session", { staffCode: "1001", token: "t", locked: true, verifier, offlineFailures: 0 } as Session);
});

describe("unlocking without a network", () => {
  it("takes the right PIN and keeps the session", async () => {
    expect(await unlockOffline(db, "246810")).toBe("unlocked");
    expect(await db.setting("session")).toMatchObject({ locked: false, token: "t" });
    await lock(db);
    expect((await db.setting("session"))?.locked).toBe(true);
  });

  it("after five wrong PINs needs the server, right PIN or not", async () => {
    for (let failure = 1; failure < MAXIMUM_OFFLINE_FAILURES; failure += 1) expect(await unlockOffline(db, "000000")).toBe("wrongPin");
    expect(await unlockOffline(db, "000000")).toBe("needsNetwork");
    expect(await unlockOffline(db, "246810")).toBe("needsNetwork");
    expect((await db.setting("session"))?.locked).toBe(true);
  });

  it("keeps the PIN as a salted hash alone", async () => {
    const [one, other] = [await makeVerifier("246810", ROUNDS), await makeVerifier("246810", ROUNDS)];
    expect(one?.hash).not.toBe(other?.hash);
    expect(JSON.stringify(one)).not.toContain("246810");
    expect(one && (await pinMatches("246811", one))).toBe(false);
  });
});

describe("what people paste and scan", () => {
  it("gives the register's token", () => {
    expect(registerTokenFrom("http://127.0.0.1:8000/pos/?register=abc-DEF_123")).toBe("abc-DEF_123");
    expect(registerTokenFrom("#register=abc%2D123&x=1")).toBe("abc-123");
    expect(registerTokenFrom("  token-123 ")).toBe("token-123");
    expect(registerTokenFrom("two words")).toBeNull();
    expect(registerTokenFrom("")).toBeNull();
  });

  it("gives the pickup code", () => {
    expect(codeFrom("k7m2-q9xa")).toBe("K7M2Q9XA");
    expect(codeFrom("https://shop.example/pickup?code=K7M2Q9XA")).toBe("K7M2Q9XA");
  });
});
