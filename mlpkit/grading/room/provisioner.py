"""Jupyter's way to the sandbox: a kernel provisioner, named ``mlpkit-sandbox``."""

import asyncio

from jupyter_client.provisioning import KernelProvisionerBase

from mlpkit.grading.room.sandbox import Sandbox


class SandboxProvisioner(KernelProvisionerBase):
    """Start kernels in a :class:`~mlpkit.grading.room.sandbox.Sandbox`.

    A kernel spec asks for it with ``metadata.kernel_provisioner.provisioner_name`` =
    ``"mlpkit-sandbox"``; the kernel is IPython's, whatever the spec's command says. Whoever has a
    zygote running sets :attr:`sandbox`; else each provisioner starts its own.
    """

    sandbox = None
    own = None
    running = False

    @property
    def has_process(self):
        """Whether a kernel was started and not yet seen to end."""
        return self.running

    async def poll(self):
        """Give None while the kernel runs, else its exit code."""
        if not self.running:
            return 0
        return None if self._sandbox().ended() is None else 1

    async def wait(self):
        """Wait for the kernel's end."""
        while await self.poll() is None:
            await asyncio.sleep(0.05)
        self.running = False
        return 0

    async def send_signal(self, signum):
        """Send the kernel a signal."""
        if self.running:
            self._sandbox().ask({"do": "signal", "signal": int(signum)})

    async def kill(self, restart=False):
        """End the kernel and all its processes."""
        self._sandbox().end()
        self.running = False

    async def terminate(self, restart=False):
        """End the kernel: it has nothing to save."""
        await self.kill(restart)

    async def pre_launch(self, **kwargs):
        """Choose IPC, and make the connection information."""
        manager = self.parent
        manager.transport = "ipc"
        keywords = await super().pre_launch(cmd=[], **kwargs)
        keywords["settings"] = keywords.pop("sandbox", {})
        return keywords

    async def launch_kernel(self, cmd, **kwargs):
        """Fork a kernel; keyword ``sandbox`` may give limits, files and by_hand."""
        manager = self.parent
        for number, name in enumerate(("shell", "iopub", "stdin", "hb", "control"), 1):
            setattr(manager, f"{name}_port", number)
        manager.ip = "pending"
        connection = manager.get_connection_info()
        settings = kwargs.get("settings", {})
        manager.ip = self._sandbox().spawn(connection, **settings)
        self.running = True
        self.connection_info = manager.get_connection_info()
        return self.connection_info

    async def cleanup(self, restart=False):
        """End a zygote that was this provisioner's own."""
        if self.own and not restart:
            self.own.close()
            self.own = None

    def _sandbox(self):
        if self.sandbox is not None:
            return self.sandbox
        if self.own is None:
            self.own = Sandbox()
        return self.own
