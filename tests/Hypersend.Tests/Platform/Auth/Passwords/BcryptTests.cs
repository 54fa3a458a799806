using System.Text;
using Hypersend.Server.Platform.Auth.Passwords;

namespace Hypersend.Tests.Platform.Auth.Passwords;

public sealed class BcryptTests
{
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")]
    [InlineData("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*U", "$2b$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("\u00A3", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq")]
    [InlineData("\u00A3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq")]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui")]
    public void The_public_vectors_come_out(string phrase, string expected)
    {
        using var bcrypt = new Bcrypt();
        Assert.Equal(expected, bcrypt.Hash(Encoding.Latin1.GetBytes(phrase), expected));
        Assert.Equal(expected, bcrypt.Hash(Encoding.Latin1.GetBytes(phrase), expected[..29]));
    }

    [Fact]
    public void A_new_setting_has_its_cost_and_a_salt_of_its_own()
    {
        Assert.Matches(@"^\$2b\$12\$[./A-Za-z0-9]{22}$", Bcrypt.NewSetting(12));
        Assert.NotEqual(Bcrypt.NewSetting(4), Bcrypt.NewSetting(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bcrypt.NewSetting(99));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*0")]
    [InlineData("$2b$99$CCCCCCCCCCCCCCCCCCCCC.")]
    public void A_setting_the_library_does_not_know_gives_nothing(string setting)
    {
        using var bcrypt = new Bcrypt();
        Assert.Null(bcrypt.Hash("x"u8, setting));
    }
}
