import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { accessToken, defaultProfile, Simulator } from "../../src/simulator/index.ts";
import { open, publish, request, requestBody, subscribe } from "../simulator/client.ts";
import { Visit } from "./browser.ts";

/** What is to be true of the page; rejects where it is not. */
interface Row {
  readonly name: string;
  readonly run: (browser: Browser, screenshots: string | undefined) => Promise<void>;
}

const phone = { viewport: { width: 380, height: 740 }, hasTouch: true, isMobile: true };
const desk = { viewport: { width: 1280, height: 800 } };
const secret = defaultProfile.provisionDeviceSecret ?? "";

/** A camera provisions itself, logs in and measures. */
async function provision({ simulator }: Pick<Visit, "simulator">, deviceName = "cam-1", token = "tokenOfCamera") {
  const asking = await open(simulator);
  await asking.send(subscribe("/provision/response"), request(requestBody({ deviceName, token })));
  await asking.leave();
  const camera = await open(simulator, { userName: token });
  await camera.send(
    publish("v1/devices/me/attributes", '{"serial":"A-7","wifiPassword":"hunter2"}'),
    publish("v1/devices/me/telemetry", '{"temperature":21.5}'),
  );
  return camera;
}

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(`axe.run(document, { resultTypes: ["violations", "incomplete"] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html, any }) => html + JSON.stringify(any[0]?.message)).join(" ")))`);
}

export const rows: readonly Row[] = [
  {
    name: "a provisioning appears as it happens: packets as arrows with their meaning, without a reload",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      const { page } = visit;
      await page.getByText("Nothing was said yet").waitFor();
      await provision(visit);
      await page.getByRole("button", { name: "camera to server: asks to be provisioned as cam-1" }).waitFor();
      await page.getByRole("button", { name: "server to camera: answers SUCCESS" }).waitFor();
      await page.getByRole("button", { name: "camera to server: sends measurements" }).waitFor();
      await page.getByText("device created: cam-1").waitFor();
      await visit.end();
    },
  },
  {
    name: "a click on a packet shows its details, and secrets come only after a click, in packets, devices and profiles",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      const { page } = visit;
      await provision(visit);
      const asked = page.getByRole("button", { name: "asks to be provisioned as cam-1" });
      await asked.click();
      assert.equal(await asked.getAttribute("aria-expanded"), "true");
      await page.getByText('"provisionDeviceSecret":"[secret]"').waitFor();
      await page.getByText("Credentials and attributes").click();
      await page.getByText("ACCESS_TOKEN [secret]").waitFor();
      await page.getByText('"A-7"').waitFor();
      await page.getByRole("button", { name: "tells attributes" }).click();
      await page.getByText('"wifiPassword":"[secret]"').waitFor();
      const masked = await page.content();
      for (const each of [secret, "tokenOfCamera", "hunter2"]) assert(!masked.includes(each), each);
      const shows = page.getByRole("button", { name: "Show secrets" });
      await shows.click();
      await page.getByText("ACCESS_TOKEN tokenOfCamera").waitFor();
      await page.getByText(`"provisionDeviceSecret":"${secret}"`).waitFor();
      assert.equal(await shows.getAttribute("aria-pressed"), "true");
      await page.getByText('"hunter2"', { exact: true }).waitFor();
      await visit.screenshot("details-with-secrets");
      await shows.click();
      await page.getByText("ACCESS_TOKEN [secret]").waitFor();
      const hidden = await page.content();
      for (const each of [secret, "tokenOfCamera", "hunter2"]) assert(!hidden.includes(each), each);
      await visit.end();
    },
  },
  {
    name: "a device is blocked, let in again and deleted by a click",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      const { page, simulator } = visit;
      simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
      const camera = await open(simulator, { userName: "tok" });
      await page.getByText("connected", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Block cam" }).click();
      await page.getByText("cam is not let in any more.").waitFor();
      await page.getByText("blocked", { exact: true }).waitFor();
      assert.equal(camera.ended, true);
      assert.deepEqual((await open(simulator, { userName: "tok" })).take(), ["20020005"]);
      await page.getByRole("button", { name: "Unblock cam" }).click();
      await page.getByText("cam is let in again.").waitFor();
      assert.deepEqual((await open(simulator, { userName: "tok" })).take(), ["20020000"]);
      await page.getByRole("button", { name: "Delete cam" }).click();
      await page.getByText("cam was deleted.").waitFor();
      await page.getByRole("button", { name: "Delete cam" }).waitFor({ state: "detached" });
      assert.deepEqual(simulator.devices, []);
      await visit.end();
    },
  },
  {
    name: "a fault is chosen, injected and removed, and a ready scenario loaded",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      const { page } = visit;
      await page.getByRole("combobox", { name: "Fault", exact: true }).selectOption("delay");
      await page.getByRole("spinbutton", { name: "for, ms" }).fill("10");
      await page.getByRole("textbox", { name: "Of the device" }).fill("cam-1");
      await page.getByRole("button", { name: "Inject" }).click();
      await page.getByText("Injected: delay.").waitFor();
      await page.getByText('{"on":"request","do":"delay","deviceName":"cam-1","for":10}').waitFor();
      await page.getByRole("button", { name: "Remove the fault" }).click();
      await page.getByText("Removed.").waitFor();
      await page.getByRole("textbox", { name: "Of the device" }).fill("");
      await page.getByRole("combobox", { name: "Fault", exact: true }).selectOption("timeOut");
      await page.getByRole("textbox", { name: "work" }).fill("250");
      await page.getByRole("button", { name: "Inject" }).click();
      await page.getByText('{"on":"request","do":"timeOut","work":{"after":250}}').waitFor();
      await page.getByRole("combobox", { name: "Ready scenario" }).selectOption("reply-lost");
      await page.getByRole("button", { name: "Load" }).click();
      await page.getByText("Loaded: reply-lost.").waitFor();
      await page.getByText('{"on":"request","do":"timeOut","work":{"after":250}}').waitFor({ state: "detached" });
      await provision(visit);
      await page.getByText("the server misbehaves").waitFor();
      await page.getByText("happened", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Remove all faults" }).click();
      await page.getByText("Nothing goes wrong any more.").waitFor();
      await page.getByRole("button", { name: "Remove the fault" }).waitFor({ state: "detached" });
      await visit.end();
    },
  },
  {
    name: "the server restarts with its devices, without them, and is reset",
    run: async (browser, screenshots) => {
      const devices = [{ name: "registered" }];
      const visit = await Visit.begin(browser, screenshots, { look: desk, options: { devices } });
      const { page, simulator } = visit;
      const camera = await provision(visit);
      await page.getByRole("button", { name: "Restart", exact: true }).click();
      await page.getByText("The server has restarted.").waitFor();
      assert.equal(camera.ended, true);
      assert.equal(simulator.devices.length, 2);
      await page.getByRole("button", { name: "Restart without devices" }).click();
      await page.getByText("The server has restarted without its devices.").waitFor();
      assert.equal(simulator.devices.length, 0);
      await page.getByRole("button", { name: "Reset" }).click();
      await page.getByText("Everything is as it was at the start.").waitFor();
      await page.getByRole("button", { name: "Delete registered" }).waitFor();
      assert.deepEqual(
        simulator.devices.map(({ name }) => name),
        ["registered"],
      );
      assert.equal(await page.getByRole("button", { name: "asks to be provisioned" }).count(), 0);
      await visit.end();
    },
  },
  {
    name: "the keyboard alone goes through the packets and opens one, in one stop of the tab key",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      const { page } = visit;
      await provision(visit);
      await page.getByRole("button", { name: "camera to server: sends measurements" }).waitFor();
      const focused = () =>
        page.evaluate("document.activeElement.className + ' ' + document.activeElement.textContent");
      await page.getByRole("searchbox", { name: "Only with" }).focus();
      await page.keyboard.press("Tab");
      assert.match(String(await focused()), /^packet /);
      await page.keyboard.press("Home");
      assert.match(String(await focused()), /opens a provisioning session/);
      await page.keyboard.press("ArrowDown");
      assert.match(String(await focused()), /let in/);
      await page.keyboard.press("Enter");
      await page.getByText("CONNACK sessionPresent=0 returnCode=0").waitFor();
      await visit.screenshot("keyboard");
      await page.keyboard.press("Tab");
      assert.doesNotMatch(String(await focused()), /^packet /);
      await visit.end();
    },
  },
  {
    name: "of the conversation only that is shown which somebody looks for",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      const { page } = visit;
      await provision(visit);
      const measures = page.getByRole("button", { name: "camera to server: sends measurements" });
      await measures.waitFor();
      await page.getByRole("searchbox", { name: "Only with" }).fill("connect");
      await measures.waitFor({ state: "hidden" });
      assert.equal(await page.getByRole("button", { name: /CONNECT #/ }).count(), 2);
      await provision(visit, "cam-2", "other");
      await page.getByText("#4 connected from memory").waitFor();
      assert.equal(await page.getByRole("button", { name: /CONNECT #/ }).count(), 4);
      assert.equal(await measures.count(), 0);
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.closest('li')?.hidden"), false);
      await page.getByRole("searchbox", { name: "Only with" }).fill("");
      await measures.first().waitFor();
      await visit.end();
    },
  },
  {
    name: "a page in a hidden tab listens to nothing, and shows all there is when it is seen again",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      const { page } = visit;
      const turn = (hidden: boolean) =>
        page.evaluate(`Object.defineProperty(document, "hidden", { configurable: true, value: ${hidden} });
          document.dispatchEvent(new Event("visibilitychange"))`);
      await provision(visit);
      const asked = page.getByRole("button", { name: "asks to be provisioned as cam-1" });
      await asked.click();
      const gone = page.waitForEvent("requestfailed");
      await turn(true);
      await gone;
      await provision(visit, "cam-2", "other");
      assert.equal(await page.getByText("device created: cam-2").count(), 0);
      await turn(false);
      await page.getByText("device created: cam-2").waitFor();
      await page.getByRole("button", { name: "Delete cam-2" }).waitFor();
      assert.equal(await asked.getAttribute("aria-expanded"), "true");
      await visit.end();
    },
  },
  {
    name: "nothing that a device says becomes an element",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      const { page } = visit;
      const evil = "<img src=x onerror=document.title='evil'>";
      // The server refuses such a name of a device itself; a tenant may give it.
      const asking = await open(visit.simulator);
      await asking.send(request(requestBody({ deviceName: evil })));
      visit.simulator.addDevice({ name: evil, credentials: accessToken("tok") });
      const camera = await open(visit.simulator, { userName: "tok", clientId: evil });
      await camera.send(
        publish(`v1/${evil}`, evil),
        publish("v1/devices/me/attributes", JSON.stringify({ [evil]: evil })),
      );
      await page.getByText(`FAILURE for ${JSON.stringify(evil)}`).waitFor();
      await page.getByRole("button", { name: `asks to be provisioned as ${evil}` }).click();
      await page.getByText("Credentials and attributes").click();
      await page.getByText(JSON.stringify(evil), { exact: true }).waitFor();
      assert.equal(await page.locator("img").count(), 0);
      assert.equal(await page.title(), "ThingsBoard simulator");
      await visit.end();
    },
  },
  {
    name: "of a flood the newest 500 stay, and the page goes on",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, {
        look: desk,
        options: { scenario: [{ on: "request", do: "flood", packets: 5000 }] },
      });
      await provision(visit);
      await visit.page.getByRole("button", { name: "camera to server: sends measurements" }).waitFor();
      assert.equal(await visit.page.locator("#events > li").count(), 500);
      await visit.end();
    },
  },
  {
    name: "a simulator that ends says so, without a failed request, and another one in its place is met by a click",
    run: async (browser, screenshots) => {
      const visit = await Visit.begin(browser, screenshots, { look: desk });
      await visit.simulator.close();
      await visit.page.getByText("the simulator has ended").waitFor();
      const again = visit.page.getByRole("button", { name: "Connect again" });
      await again.waitFor();
      const devices = [{ name: "of-another-life" }];
      await using other = await Simulator.start({ httpPort: Number(new URL(visit.page.url()).port), devices });
      await again.click();
      await visit.page.getByText("live", { exact: true }).waitFor();
      await visit.page.getByRole("button", { name: "Delete of-another-life" }).waitFor();
      assert.equal(await again.isVisible(), false);
      await visit.page.context().close();
      await other.close();
      await visit.end();
    },
  },
  ...(["light", "dark"] as const).flatMap((colorScheme) =>
    Object.entries({ desk, phone }).map(([device, size]) => ({
      name: `axe-core finds nothing on a ${device}, ${colorScheme}, and nothing is wider than the screen`,
      run: async (browser: Browser, screenshots: string | undefined) => {
        const scenario = [{ on: "probe", nth: 2, do: "lose" }] as const;
        const visit = await Visit.begin(browser, screenshots, {
          look: { ...size, colorScheme },
          options: { scenario },
        });
        const { page, simulator } = visit;
        simulator.addDevice({ name: "cam-with-a-name-that-is-as-long-as-a-serial-number-00000000000000000001" });
        await provision(visit);
        const { id } = simulator.device("cam-1") ?? { id: "" };
        await provision(visit, "cam-2", "other");
        await page.getByRole("button", { name: "asks to be provisioned as cam-2" }).click();
        await page.getByText("Credentials and attributes").nth(1).click();
        await page.getByText(id, { exact: true }).waitFor();
        await page.getByRole("button", { name: "Block cam-1" }).click();
        await page.getByText("blocked", { exact: true }).waitFor();
        await visit.screenshot(`${device}-${colorScheme}`);
        assert.deepEqual(await findings(page), []);
        const width = Number(await page.evaluate("document.documentElement.scrollWidth"));
        assert(width <= size.viewport.width, `${width} pixels wide`);
        await visit.end();
      },
    })),
  ),
];
