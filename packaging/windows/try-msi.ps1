# Tries the installers on this Windows, as the release workflow does: installs an
# older Plenary, starts it by a link, upgrades it, refuses the older one, removes
# it. Needs an administrator, and no Plenary on the computer.
#
#   try-msi.ps1 -Older FOLDER -Newer FOLDER [-OpenGL FOLDER]
#
# FOLDERs hold one Plenary-VERSION-x64.msi and -x64-user.msi each; OpenGL one with
# Mesa's opengl32.dll, for a Windows without graphics.
param(
    [Parameter(Mandatory)] [string] $Older,
    [Parameter(Mandatory)] [string] $Newer,
    [string] $OpenGL
)
$ErrorActionPreference = 'Stop'

function Install([string] $package, [int] $want, [string[]] $with) {
    $log = Join-Path $env:TEMP 'plenary-msi.log'
    $run = Start-Process msiexec.exe -Wait -PassThru -ArgumentList (@('/i', "`"$package`"", '/qn', '/l*v', "`"$log`"") + $with)
    if ($run.ExitCode -ne $want) {
        Get-Content $log -Tail 80
        throw "$package gives $($run.ExitCode), not $want"
    }
}

function Remove([string] $package) {
    $run = Start-Process msiexec.exe -Wait -PassThru -ArgumentList '/x', "`"$package`"", '/qn'
    if ($run.ExitCode -ne 0) { throw "Removing $package gives $($run.ExitCode)" }
}

function Check([string] $what, [bool] $holds) {
    if (-not $holds) { throw "Not so: $what" }
    Write-Output "ok: $what"
}

function Only([string] $folder, [string] $pattern) {
    $found = @(Get-ChildItem $folder -Filter $pattern)
    if ($found.Count -ne 1) { throw "$folder has $($found.Count) files $pattern" }
    $found[0].FullName
}

$kinds = @(
    @{
        Package = 'Plenary-*-x64.msi'; Root = 'HKLM:\Software'
        Program = "$env:ProgramFiles\Plenary\plenary.exe"
        Shortcut = "$env:ProgramData\Microsoft\Windows\Start Menu\Programs\Plenary.lnk"
    },
    @{
        Package = 'Plenary-*-x64-user.msi'; Root = 'HKCU:\Software'
        Program = "$env:LocalAppData\Programs\Plenary\plenary.exe"
        Shortcut = "$env:AppData\Microsoft\Windows\Start Menu\Programs\Plenary.lnk"
    }
)
foreach ($kind in $kinds) {
    $old = Only $Older $kind.Package
    $new = Only $Newer $kind.Package
    $settings = "$($kind.Root)\Plenary"
    $protocol = "$($kind.Root)\Classes\plenary"

    Install $old 0 @('SERVICE=https://plenary.example.org', 'CAFILE="C:\Some folder\ca.pem"')
    Check 'the program is there' (Test-Path $kind.Program)
    Check 'the licences are with it' (Test-Path (Join-Path (Split-Path $kind.Program) 'THIRD-PARTY-NOTICES.txt'))
    Check 'it is in the Start menu' (Test-Path $kind.Shortcut)
    $entry = (New-Object -ComObject Shell.Application).Namespace((Split-Path $kind.Shortcut)).ParseName('Plenary.lnk')
    Check 'its notifications have a name' ($entry.ExtendedProperty('System.AppUserModel.ID') -eq 'int.plenary.Plenary')
    Check 'the service is remembered' ((Get-ItemProperty $settings).Service -eq 'https://plenary.example.org')
    Check 'the authorities are remembered' ((Get-ItemProperty $settings).CAFile -eq 'C:\Some folder\ca.pem')
    Check 'links are registered' ((Get-Item "$protocol\shell\open\command").GetValue('') -eq "`"$($kind.Program)`" -- `"%1`"")

    if ($OpenGL) {
        Copy-Item (Join-Path $OpenGL 'opengl32.dll') (Split-Path $kind.Program)
        $env:PATH = "$OpenGL;$env:PATH" # what the DLL itself needs
        Start-Process 'plenary://plenary.example.org/m/C-00016105'
        $window = $null
        foreach ($second in 1..60) {
            $window = Get-Process plenary -ErrorAction SilentlyContinue | Where-Object MainWindowTitle -EQ 'Plenary'
            if ($window) { break }
            Start-Sleep 1
        }
        Check 'a link starts it' ([bool] $window)
        Check 'what is started is what was installed' ($window.Path -eq $kind.Program)
        $window | Stop-Process -Force
        $window | Wait-Process
        Remove-Item (Join-Path (Split-Path $kind.Program) 'opengl32.dll')
    }

    $version = (Get-Item $kind.Program).VersionInfo.FileVersion
    Remove-Item $kind.Program # so that it is seen whether the upgrade brings one
    Install $new 0 @()
    Check 'the upgrade brings the program' ((Get-Item $kind.Program).VersionInfo.FileVersion -eq $version)
    Check 'the upgrade keeps the service' ((Get-ItemProperty $settings).Service -eq 'https://plenary.example.org')
    Check 'the upgrade keeps the authorities' ((Get-ItemProperty $settings).CAFile -eq 'C:\Some folder\ca.pem')
    Install $old 1603 @()

    Remove $new
    Check 'no program is left' (-not (Test-Path (Split-Path $kind.Program)))
    Check 'no entry in the Start menu is left' (-not (Test-Path $kind.Shortcut))
    Check 'no setting is left' (-not (Test-Path $settings))
    Check 'no link is left' (-not (Test-Path $protocol))
}
