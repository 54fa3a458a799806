using System.Globalization;
using System.Text;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class DocumentTests(AppServer server, Chromium chromium)
{
    /// <summary>How many pixels of the first page are dark: a page that was not drawn has none.</summary>
    private const string Ink = """
        () => {
          const canvas = document.querySelector(".viewer-sheet canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let dark = 0;
          for (let at = 0; at < data.length; at += 4) if (data[at] < 100 && data[at + 3] > 200) dark++;
          return dark;
        }
        """;

    [Fact]
    public async Task A_document_is_drawn_page_by_page_a_broken_one_says_so_and_none_is_ever_sent_to_be_shown_by_the_browser()
    {
        var pam = await server.SignUpAsync("pam");
        var chat = await pam.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Papers" });
        var good = await SendAsync(pam, chat, "Lease.pdf", Paper(["Harbour lease", "Second page"]));
        await SendAsync(pam, chat, "Broken.pdf", "%PDF-1.4 and nothing else"u8.ToArray());
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("pam", $"/c/{chat.Id}");

        await page.Locator(".file-card", new() { HasText = "Lease.pdf" }).GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.Locator(".viewer-sheet")).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Page 1 of 2" })).ToContainTextAsync("Harbour lease");
        Assert.True(await page.EvaluateAsync<int>(Ink) > 50, "Nothing stands on the page.");
        await page.Keyboard.PressAsync("Escape");

        await page.Locator(".file-card", new() { HasText = "Broken.pdf" }).GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByText("This document can't be shown here.")).ToBeVisibleAsync();
        var answer = await context.APIRequest.GetAsync($"/api/v1/files/{good}/download?inline=1");
        Assert.StartsWith("attachment", answer.Headers["content-disposition"], StringComparison.Ordinal);
        complaints.ShouldBeNone();
    }

    private static async Task<Contracts.Ids.FileId> SendAsync(Sdk.HypersendClient by, Chat chat, string name, byte[] bytes)
    {
        var upload = await by.Files.InitAsync(new InitUploadRequest { Filename = name, Size = bytes.Length, Mime = "application/pdf", ChatId = chat.Id });
        await by.Files.SendChunkAsync(upload.UploadId, 0, bytes);
        await by.Files.CompleteAsync(upload.UploadId);
        return upload.FileId;
    }

    /// <summary>The least that is a PDF: a line of Helvetica on each page.</summary>
    private static byte[] Paper(string[] lines)
    {
        var parts = new List<string> { "<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>" };
        var pages = new List<string>();
        foreach (var line in lines)
        {
            var content = $"BT /F1 36 Tf 60 700 Td ({line}) Tj ET";
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"<< /Length {content.Length} >>\nstream\n{content}\nendstream"));
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {parts.Count} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"));
            pages.Add(string.Create(CultureInfo.InvariantCulture, $"{parts.Count} 0 R"));
        }

        parts[1] = string.Create(CultureInfo.InvariantCulture, $"<< /Type /Pages /Kids [{string.Join(' ', pages)}] /Count {pages.Count} >>");
        var text = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        for (var n = 0; n < parts.Count; n++)
        {
            places.Add(text.Length);
            text.Append(CultureInfo.InvariantCulture, $"{n + 1} 0 obj\n{parts[n]}\nendobj\n");
        }

        var table = text.Length;
        text.Append(CultureInfo.InvariantCulture, $"xref\n0 {parts.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places) text.Append(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n");
        text.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {parts.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
