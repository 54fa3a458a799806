using System.Reflection;
using Xunit.v3;

namespace Hypersend.ServerTests.Fixture;

/// <summary>What is looked at here is how bytes lie in a folder that nothing seals: elsewhere it is skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class PlainFolderAttribute(string reason) : BeforeAfterTestAttribute
{
    public string Reason => reason;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) =>
        Assert.SkipWhen(TestStorage.IsSealed || TestStorage.IsBucket, "Of a folder that is not sealed: " + reason);
}
