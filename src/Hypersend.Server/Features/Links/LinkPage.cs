using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Links;

/// <summary>The page of a link: no script, one style whose hash the policy names, in the visitor's language.</summary>
internal sealed class LinkPage
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The looks of the app, made of the server's one colour; browsers that cannot mix colours get greys and that colour as it is.</summary>
    private const string Style =
        ":root{color-scheme:light dark}" +
        "body{margin:0;min-height:100vh;min-height:100dvh;box-sizing:border-box;padding:1rem;display:grid;place-items:center;align-content:center;gap:1.25rem;font:1rem/1.5 system-ui,sans-serif;" +
        "background:#f1f2f7;background:color-mix(in oklab,BRAND 9%,#fff);color:#1b1d27}" +
        "main{box-sizing:border-box;width:min(26rem,100%);padding:2.25rem 2rem 2rem;border-radius:1.75rem;background:#fff;text-align:center;box-shadow:0 1px 2px #0000000d,0 12px 40px #00000014}" +
        "h1{font-size:1.25rem;line-height:1.35;font-weight:600;overflow-wrap:anywhere;margin:.25rem 0 .75rem}p{margin:0 0 .75rem}.of{font-size:.875rem;opacity:.75;margin:0}" +
        ".kind{display:grid;place-items:center;width:4rem;height:4rem;margin:0 auto 1rem;border-radius:1.25rem;font-size:.8125rem;font-weight:700;letter-spacing:.04em;" +
        "background:#e8eaf3;background:color-mix(in oklab,BRAND 16%,#fff);color:BRAND;color:oklch(from BRAND .42 c h)}" +
        ".kind svg{width:1.75rem;height:1.75rem;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}" +
        "dl{display:grid;grid-template-columns:auto auto;gap:.125rem 1rem;justify-content:center;margin:0 0 .5rem;font-size:.875rem}" +
        "dt{text-align:end;opacity:.75}dd{margin:0;text-align:start;font-variant-numeric:tabular-nums}" +
        "label{display:block;text-align:start;font-size:.875rem;font-weight:500}" +
        "input,button,a.do{box-sizing:border-box;width:100%;min-height:3.25rem;display:block;font:inherit;padding:.8125rem 1rem}" +
        "input{margin-top:.375rem;border:1px solid #868b9c;border-radius:.75rem;background:transparent;color:inherit}" +
        "button,a.do{margin-top:1.25rem;border:0;border-radius:999px;background:BRAND;background:oklch(from BRAND .47 c h);color:#fff;text-align:center;text-decoration:none;font-weight:600;cursor:pointer}" +
        ":focus-visible{outline:3px solid BRAND;outline-offset:2px}.bad{color:#b3261e}footer{font-size:.8125rem;opacity:.75}" +
        "@media(prefers-color-scheme:dark){body{background:#101219;background:color-mix(in oklab,BRAND 10%,#0c0d12);color:#e8eaf2}main{background:#1c1f2a;background:color-mix(in oklab,BRAND 12%,#1a1c24);box-shadow:none}" +
        ".kind{background:#2b3040;background:color-mix(in oklab,BRAND 34%,#1a1c24);color:#e8eaf2}input{border-color:#8d93a6}.bad{color:#ff8a80}" +
        "button,a.do{background:oklch(from BRAND .82 calc(c*.6) h);color:#fff;color:oklch(from BRAND .24 calc(c*.6) h)}}";

    private const string Lock = "<svg viewBox=\"0 0 24 24\"><rect x=\"5\" y=\"11\" width=\"14\" height=\"9\" rx=\"2\"/><path d=\"M8 11V8a4 4 0 0 1 8 0v3\"/></svg>";
    private const string Sheet = "<svg viewBox=\"0 0 24 24\"><path d=\"M13 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9zM13 3v6h6\"/></svg>";
    private const string Broken = "<svg viewBox=\"0 0 24 24\"><path d=\"M9 15l6-6M11 6l1-1a4 4 0 0 1 6 6l-1 1M7 12l-1 1a4 4 0 0 0 6 6l1-1M4 4l16 16\"/></svg>";

    private readonly string _brand;
    private readonly string _style;
    private readonly string _policy;
    private readonly TimeProvider _clock;

    public LinkPage(ServerOptions options, TimeProvider clock)
    {
        (_brand, _clock) = (Html.Encode(options.BrandName), clock);
        _style = Style.Replace("BRAND", options.BrandColor, StringComparison.Ordinal);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(_style)));
        _policy = $"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    }

    /// <summary>The file, and how to fetch it.</summary>
    public Task ShowAsync(HttpContext context, string token, FoundLink found)
    {
        var texts = LinkTexts.For(context.Request);
        var file = found.File;
        var body = new StringBuilder()
            .Append(Kind(EndingOf(file.Filename))).Append("<p class=\"of\">").Append(Html.Encode(texts.Title)).Append("</p><h1><bdi>").Append(Html.Encode(file.Filename)).Append("</bdi></h1><dl>");
        if (file.Size is { } size)
            Row(body, texts.Size, LinkSizes.Text(texts.Code, size));
        if (found.EndsAt is { } end)
            Row(body, texts.TimeLeft, TimeText(texts, end - _clock.GetUtcNow()));
        body.Append("</dl>");
        if (file.IsUploading)
            body.Append("<p>").Append(Html.Encode(texts.Uploading)).Append(Percent(file)).Append("</p>");
        body.Append("<a class=\"do\" href=\"").Append(Address(token)).Append("/download\" download>").Append(Html.Encode(texts.Download)).Append("</a>");
        return WriteAsync(context, texts, StatusCodes.Status200OK, body.ToString());
    }

    /// <summary>The form for the password; with a refusal, what was wrong with the last one.</summary>
    public Task AskAsync(HttpContext context, string token, Failure? refusal)
    {
        var texts = LinkTexts.For(context.Request);
        var body = new StringBuilder(Kind(Lock)).Append("<h1>").Append(Html.Encode(texts.Locked)).Append("</h1>");
        if (refusal is not null)
            body.Append("<p class=\"bad\" role=\"alert\">").Append(Html.Encode(refusal.Code == ErrorCodes.TooManyFailures ? texts.Wait : texts.Wrong)).Append("</p>");
        body.Append("<form method=\"post\" action=\"").Append(Address(token)).Append("\"><label>").Append(Html.Encode(texts.Password))
            .Append("<input type=\"password\" name=\"password\" required autofocus autocomplete=\"off\"></label><button>")
            .Append(Html.Encode(texts.Open)).Append("</button></form>");
        if (refusal?.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var status = refusal is null ? StatusCodes.Status200OK : refusal.Code == ErrorCodes.TooManyFailures ? StatusCodes.Status429TooManyRequests : StatusCodes.Status403Forbidden;
        return WriteAsync(context, texts, status, body.ToString());
    }

    /// <summary>Whether there are words for it that a visitor understands.</summary>
    public static bool Knows(Failure failure) =>
        failure.Code is ErrorCodes.NotFound or ErrorCodes.LinkGone or ErrorCodes.FileGone or ErrorCodes.TooManyFailures or ErrorCodes.LinkPassword;

    public Task RefuseAsync(HttpContext context, Failure failure)
    {
        var texts = LinkTexts.For(context.Request);
        var status = ErrorTable.Of(failure.Code).Status;
        var (title, text) = status == StatusCodes.Status404NotFound ? (texts.Unknown, texts.UnknownText)
            : status == StatusCodes.Status410Gone ? (texts.Gone, texts.GoneText)
            : failure.Code == ErrorCodes.TooManyFailures ? (texts.Locked, texts.Wait)
            : (texts.Locked, texts.Wrong);
        var sign = title == texts.Locked ? Lock : Broken;
        return WriteAsync(context, texts, status, $"{Kind(sign)}<h1>{Html.Encode(title)}</h1><p>{Html.Encode(text)}</p>");
    }

    private static string Kind(string sign) => $"<p class=\"kind\" aria-hidden=\"true\">{sign}</p>";

    /// <summary>What a name ends with says most people what it is; a sheet of paper where it says nothing.</summary>
    private static string EndingOf(string name)
    {
        var ending = Path.GetExtension(name).TrimStart('.');
        return ending.Length is > 0 and <= 4 && ending.All(char.IsAsciiLetterOrDigit) ? ending.ToUpperInvariant() : Sheet;
    }

    private static void Row(StringBuilder body, string name, string value) =>
        body.Append("<dt>").Append(Html.Encode(name)).Append("</dt><dd><bdi>").Append(Html.Encode(value)).Append("</bdi></dd>");

    private static string Address(string token) => Html.Encode($"{LinkEndpoints.Root}/{Uri.EscapeDataString(token)}");

    /// <summary>The two largest units that are not zero.</summary>
    private static string TimeText(LinkTexts texts, TimeSpan left)
    {
        (long Count, string Unit)[] parts = [((long)left.TotalDays, texts.Days), (left.Hours, texts.Hours), (Math.Max(left.Minutes, left.TotalMinutes < 1 ? 1 : 0), texts.Minutes)];
        return string.Join(' ', parts.SkipWhile(part => part.Count == 0).Take(2).Where(part => part.Count > 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Unit}")));
    }

    private static string Percent(FileRow file) => file.Size is > 0 and var size
        ? string.Create(CultureInfo.InvariantCulture, $" {file.ReceivedBytes * 100 / size} %")
        : "";

    private Task WriteAsync(HttpContext context, LinkTexts texts, int status, string body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = _policy;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Language, Cookie";
        response.Headers["X-Robots-Tag"] = "noindex";
        var page = Encoding.UTF8.GetBytes(
            $"<!doctype html><html lang=\"{texts.Code}\" dir=\"{texts.Direction}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">" +
            $"<title>{_brand}</title><style>{_style}</style></head><body><main>{body}</main><footer>{_brand}</footer></body></html>");

        // Said also to who only asks with HEAD.
        response.ContentLength = page.Length;
        return response.Body.WriteAsync(page, context.RequestAborted).AsTask();
    }
}
