"""Starting the sandbox over."""

import streamlit as st

from pages.components.session import backend


def sandbox_reset() -> None:
    """Offer it where there is a sandbox; it takes two steps, since everything made there is lost."""
    sandbox = backend().sandbox
    if sandbox is None:
        return
    st.subheader("Sandbox", anchor=False)
    st.markdown(
        "The sandbox is a small Kubernetes API server with simulated OME controllers, nodes, GPUs and engines. "
        "What you change in it is kept between starts."
    )
    if backend().settings.read_only:
        st.caption("It cannot be reset while the console is read-only.")
        return
    sure = st.checkbox("I want to lose everything changed in the sandbox", key="about_sure")
    if st.button("Reset the sandbox", key="about_reset", disabled=not sure):
        sandbox.reset()
        st.toast("The sandbox is as it was on the first day.")
