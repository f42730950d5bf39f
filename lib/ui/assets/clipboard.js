// The clipboard of the after-sales screens, which Streamlit does not reach: a picture that was
// copied in WeChat is pasted into the photo field of the page, and a button copies the text beside
// it, as it was changed there, with the same touch that books it. Both work on a plain-http address
// of the shop's own network.

const PICTURES = '[class*="st-key-paste-here"] input[type="file"]';
const ALONG = '[class*="st-key-copy-along"]';

document.addEventListener("paste", (event) => {
  const held = event.clipboardData;
  const pictures = [...(held?.files || [])].filter((file) => file.type.startsWith("image/"));
  const field = document.querySelector(PICTURES);
  // A table copied from Excel carries a picture of itself; its text is what is meant.
  if (!pictures.length || !field || held.types.includes("text/plain")) return;
  event.preventDefault();
  const brought = new DataTransfer();
  pictures.forEach((picture) => brought.items.add(picture));
  field.files = brought.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.('[class*="st-key-copying"] button');
    const around = button?.closest(ALONG);
    const typed = around?.querySelector("textarea")?.value;
    const text = typed || around?.querySelector("[data-linli-copy]")?.dataset.linliCopy;
    if (text) copy(text);
  },
  true,
);

function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    navigator.clipboard.writeText(text).catch(() => copyByHand(text));
  } else {
    copyByHand(text);
  }
}

function copyByHand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.style.cssText = "position:fixed;opacity:0";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
