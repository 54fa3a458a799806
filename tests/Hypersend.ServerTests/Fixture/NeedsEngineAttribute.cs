using System.Reflection;
using Hypersend.ServerTests.Fixture;
using Xunit.v3;

[assembly: NeedsEngine]

namespace Hypersend.ServerTests.Fixture;

/// <summary>Skips every test, with the reason, when the engine that was asked for is not there; a fixture cannot.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class NeedsEngineAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var missing = TestDatabase.Missing ?? Cluster.Missing;
        Assert.SkipWhen(missing is not null, missing ?? "");
    }
}
